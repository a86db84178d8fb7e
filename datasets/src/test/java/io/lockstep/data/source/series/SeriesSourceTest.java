package io.lockstep.data.source.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.Block;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.series.SeriesSource.Bounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of series are those that a loop over arrays makes, however the rows lie and are cut. */
class SeriesSourceTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int WINDOW = 5;
  private static final int HORIZON = 3;
  private static final int LENGTH = WINDOW + HORIZON;
  private static final int SEASON = 2;

  @TempDir Path folder;

  /** Rows of {@code [a, b, price]}; a and b are to be foretold, the price is known. */
  private static final Map<String, double[][]> SERIES = series();

  private static Map<String, double[][]> series() {
    var random = new SplittableRandom(3);
    Map<String, double[][]> all = new TreeMap<>();
    Map.of("x", 40, "y", 6, "z", 25)
        .forEach(
            (name, rows) -> {
              double[][] values = new double[rows][3];
              for (double[] row : values) {
                Arrays.setAll(row, i -> random.nextInt(1000) / 8.0);
              }
              all.put(name, values);
            });
    return all;
  }

  static SeriesOptions options(String series, Gaps gaps, Missing missing) {
    return new SeriesOptions(
        new SeriesOptions.Table(
            series,
            List.of("day"),
            "",
            gaps,
            missing,
            List.of("NA"),
            ',',
            true,
            TextEncoding.UTF_8),
        List.of("b"),
        List.of("a", "b"),
        List.of("price"),
        WINDOW,
        HORIZON,
        1,
        SEASON,
        false);
  }

  private static String day(int row) {
    return LocalDate.of(2023, 12, 20).plusDays(row).toString();
  }

  private static String line(String name, int row) {
    double[] values = SERIES.get(name)[row];
    return String.format(
        Locale.ROOT, "%s,%s,%s,%s,%s%n", day(row), name, values[0], values[1], values[2]);
  }

  private Path table(boolean alternating) throws IOException {
    var text = new StringBuilder("day,name,a,b,price\n");
    if (alternating) {
      for (int row = 0; row < 40; row++) {
        for (String name : SERIES.keySet()) {
          text.append(row < SERIES.get(name).length ? line(name, row) : "");
        }
      }
    } else {
      SERIES.forEach(
          (name, rows) -> {
            for (int row = 0; row < rows.length; row++) {
              text.append(line(name, row));
            }
          });
    }
    return Files.writeString(folder.resolve(alternating ? "mixed.csv" : "sorted.csv"), text);
  }

  /** A window with all that belongs to it, by {@code series first-row}. */
  private static String expected(String name, int first, double[] scale) {
    double[][] rows = SERIES.get(name);
    List<Double> values = new ArrayList<>();
    for (int step = 0; step < LENGTH; step++) {
      values.add(rows[first + Math.min(step, WINDOW - 1)][1]);
      values.add(rows[first + step][2]);
    }
    for (int step = WINDOW; step < LENGTH; step++) {
      values.add(rows[first + step][0]);
      values.add(rows[first + step][1]);
    }
    for (int step : new int[] {WINDOW - 2, WINDOW - 1, WINDOW - 2}) { // the last season, repeated
      values.add(rows[first + step][0]);
      values.add(rows[first + step][1]);
    }
    for (int step = 0; step < HORIZON; step++) {
      values.add(scale[0]);
      values.add(scale[1]);
    }
    return values.toString();
  }

  private static double[] scale(String name, int trained) {
    double[] scale = new double[2];
    double[][] rows = SERIES.get(name);
    for (int i = 0; i < 2; i++) {
      for (int row = SEASON; row < trained; row++) {
        scale[i] += Math.abs(rows[row][i] - rows[row - SEASON][i]);
      }
      scale[i] /= trained - SEASON;
    }
    return scale;
  }

  /** Windows by id. */
  static Map<Long, String> read(SeriesSource source, long splitBytes, Settled[] found)
      throws IOException {
    return read(source, source.layout(HADOOP, splitBytes), found);
  }

  private static Map<Long, String> read(SeriesSource source, SourceLayout layout, Settled[] found)
      throws IOException {
    ReadInSplits read = ReadInSplits.of(source, layout);
    Settled settled = read.settled();
    found[0] = settled;
    Map<Long, String> windows = new TreeMap<>();
    for (Block block : read.blocks()) {
      for (int row = 0; row < block.size(); row++) {
        List<Double> values = new ArrayList<>();
        for (int column = 0; column < 4; column++) {
          int width = block.schema().fields().get(column).width();
          for (int i = 0; i < width; i++) {
            values.add(block.values(column).at(row * width + i));
          }
        }
        assertThat(windows.put(block.id(row), values.toString())).isNull();
      }
    }
    return windows;
  }

  @Test
  void windowsOfSortedRowsAreTheSameWhereverTheFileIsCut() throws IOException {
    Path file = table(false);
    List<String> trained = new ArrayList<>();
    List<String> held = new ArrayList<>();
    Map.of("x", 40, "z", 25).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            series -> {
              int cut = series.getValue() - (int) Math.round(series.getValue() * 0.25);
              double[] scale = scale(series.getKey(), cut);
              for (int first = 0; first + LENGTH <= series.getValue(); first++) {
                if (first + LENGTH <= cut) {
                  trained.add(expected(series.getKey(), first, scale));
                } else if (first + WINDOW >= cut) {
                  held.add(expected(series.getKey(), first, scale));
                }
              }
            });
    List<String> all = new ArrayList<>(trained);
    all.addAll(held);
    for (long splitBytes : new long[] {40, 97, 333, 1 << 20}) {
      Settled[] found = new Settled[1];
      var source =
          new SeriesSource(file.toString(), options("name", Gaps.ERROR, Missing.ERROR), Bounds.NONE)
              .holdingOut(0.25, false);
      assertThat(read(source, splitBytes, found).values()).containsExactlyElementsOf(all);
      assertThat(found[0].held()).hasValue(held.size());
      assertThat(found[0].examples()).isEqualTo(all.size());
      assertThat(found[0].notes())
          .containsExactly("1 of 3 series have fewer than the 8 rows of an example and give none.");
    }
  }

  @Test
  void rowsOfSeveralSeriesMayAlternate() throws IOException {
    var sorted =
        new SeriesSource(
                table(false).toString(), options("name", Gaps.ERROR, Missing.ERROR), Bounds.NONE)
            .holdingOut(0.25, false);
    var mixed =
        new SeriesSource(
                table(true).toString(), options("name", Gaps.ERROR, Missing.ERROR), Bounds.NONE)
            .holdingOut(0.25, false);
    Settled[] found = new Settled[1];
    for (long splitBytes : new long[] {97, 1 << 20}) {
      assertThat(read(mixed, splitBytes, found).values())
          .containsExactlyInAnyOrderElementsOf(read(sorted, 1 << 20, found).values());
    }
  }

  @Test
  void testWindowsLookBackIntoTheRowsOfTraining() throws IOException {
    Path file = table(false);
    SeriesOptions options = options("name", Gaps.ERROR, Missing.ERROR);
    Settled[] found = new Settled[1];
    var training = new SeriesSource(file.toString(), options, new Bounds("", day(20)));
    Map<Long, String> trained = read(training, 97, found);
    double[] scaleX = scale("x", 20);
    double[] scaleZ = scale("z", 20);
    assertThat(trained.get(0L)).isEqualTo(expected("x", 0, scaleX));
    assertThat(trained).hasSize(2 * (20 - LENGTH + 1));
    var test =
        new SeriesSource(file.toString(), options, new Bounds(day(20), ""))
            .seriesLike(found[0].layout().series().orElseThrow());
    List<String> expected = new ArrayList<>();
    for (int first = 20 - WINDOW; first + LENGTH <= 40; first++) {
      expected.add(expected("x", first, scaleX));
    }
    for (int first = 20 - WINDOW; first + LENGTH <= 25; first++) {
      expected.add(expected("z", first, scaleZ));
    }
    for (long splitBytes : new long[] {97, 1 << 20}) {
      assertThat(read(test, splitBytes, found).values()).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void noWindowContainsAGapOrAnIncompleteRow() throws IOException {
    var text = new StringBuilder("day,a,b,price\n");
    for (int row = 0; row < 30; row++) {
      if (row != 9) {
        text.append(day(row)).append(row == 20 ? ",NA,2,3\n" : "," + row + ",2,3\n");
      }
    }
    Path file = Files.writeString(folder.resolve("gaps.csv"), text);
    Settled[] found = new Settled[1];
    var source =
        new SeriesSource(file.toString(), options("", Gaps.SPLIT, Missing.SKIP), Bounds.NONE);
    for (long splitBytes : new long[] {50, 1 << 20}) {
      // rows 0 to 8, 10 to 19 and 21 to 29
      assertThat(read(source, splitBytes, found)).hasSize(2 + 3 + 2);
      assertThat(found[0].notes())
          .containsExactly(
              "1 rows lack a value; no window contains them (missing: skip).",
              "1 gaps in time; no window reaches over them (gaps: split).");
    }
  }

  @Test
  void everyFileIsASeriesIfNoColumnSaysSo() throws IOException {
    for (String name : List.of("x", "z")) {
      var text = new StringBuilder("day,name,a,b,price\n");
      for (int row = 0; row < SERIES.get(name).length; row++) {
        text.append(line(name, row));
      }
      Files.createDirectories(folder.resolve("files"));
      Files.writeString(folder.resolve("files/" + name + ".csv"), text);
    }
    var source =
        new SeriesSource(
            folder.resolve("files").toString(),
            options("", Gaps.ERROR, Missing.ERROR),
            Bounds.NONE);
    Settled[] found = new Settled[1];
    assertThat(read(source, 97, found)).hasSize((40 - LENGTH + 1) + (25 - LENGTH + 1));
  }

  @Test
  void monthsFollowEachOtherHoweverLongTheyAre() throws IOException {
    var text = new StringBuilder("day,a,b,price\n");
    for (int month = 1; month <= 12; month++) {
      text.append(LocalDate.of(2024, month, 1)).append(",1,2,3\n");
    }
    Path file = Files.writeString(folder.resolve("months.csv"), text);
    Settled[] found = new Settled[1];
    var source =
        new SeriesSource(file.toString(), options("", Gaps.ERROR, Missing.ERROR), Bounds.NONE);
    assertThat(read(source, 1 << 20, found)).hasSize(12 - LENGTH + 1);
  }
}
