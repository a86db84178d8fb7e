package io.lockstep.data.source.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.series.SeriesSource.Bounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a table of series is told with its place and the remedy. */
class SeriesFaultsTest {
  @TempDir Path folder;

  private static SeriesOptions options(String series, int window, int horizon) {
    return new SeriesOptions(
        new SeriesOptions.Table(
            series,
            List.of("t"),
            "",
            Gaps.ERROR,
            Missing.ERROR,
            List.of("NA"),
            ',',
            true,
            TextEncoding.UTF_8),
        List.of(),
        List.of("a"),
        List.of(),
        window,
        horizon,
        1,
        1,
        false);
  }

  private void read(String text, String series) throws IOException {
    Path file = Files.writeString(folder.resolve("s.csv"), text.replace(' ', '\n'));
    SeriesSourceTest.read(
        new SeriesSource(file.toString(), options(series, 2, 1), Bounds.NONE), 40, new Settled[1]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t,a 1,1 2,1 2,1 3,1|s.csv line 4: column 't': '2' comes twice in a series. If the table",
        "t,a 1,1 2,1 4,1 5,1 6,1|line 4: column 't': '4' is 2.0 after the row before it, but the"
            + " step is 1.0. If rows are out of order, sort them by time. With gaps: split",
        "t,a 1,1 3,1 2,1|line 4: column 't': '2' is earlier than the row before it. Sort the rows",
        "t,a 1,1 soon,1 3,1|line 3: column 't': 'soon' is no date or time of ISO 8601",
        "t,a 1,1 2,NA 3,1|line 3: column 'a': 'NA', where a number must be. Mend the row, or",
        "t,a 1,1 2, 3,1|line 3: column 'a': empty, where a number must be.",
        "t,a 1,1 2,much 3,1|line 3: column 'a': 'much' is not a number. Mend the value, say with"
            + " missingValues",
        "t,b 1,1 2,2 3,1|there is no column 'a'. Columns are: t, b.",
        "1,1 2,2 3,1|s.csv line 1: 2 of the 2 names of columns are numbers (1, 1): it seems to be"
            + " an example, and there is no header. Set header: false",
        "2024-01-01,1.5 2024-01-02,2|line 1: 2 of the 2 names of columns are numbers or dates",
        "t,a 1,1 2,2|an example takes 3 rows (window 2 + horizon 1), but the longest series has 2."
            + " Make the window smaller.",
        "t,a|holds no rows",
        "t,\"a 1,1|s.csv line 1: a quote begins that is never closed.",
        "t,a 1,1 2 3,1|line 3: 1 values, but there are 2 columns. Fill in what is missing."
      })
  void ofOneSeries(String text, String message) {
    assertThatThrownBy(() -> read(text, ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anEmptyFile() {
    assertThatThrownBy(() -> read("", ""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("s.csv: is empty.");
  }

  @Test
  void theSeriesIsNamed() {
    assertThatThrownBy(() -> read("s,t,a x,1,1 x,2,1 x,3,1 y,1,1 y,2,1 y,2,1", "s"))
        .hasMessageContaining(
            "s.csv line 7: column 't': '2' comes twice in a series of series 'y'");
  }

  @Test
  void aTestSetIsCutAsTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("s.csv"), "t,a\n1,1\n2,1\n3,1\n4,1\n");
    Settled[] found = new Settled[1];
    SeriesSourceTest.read(
        new SeriesSource(file.toString(), options("", 2, 1), Bounds.NONE), 40, found);
    SeriesLayout training = found[0].layout().series().orElseThrow();
    var other = new SeriesSource(file.toString(), options("", 3, 1), new Bounds("3", ""));
    assertThatThrownBy(() -> other.seriesLike(training))
        .hasMessageContaining("s.csv: window is not that of training. Leave it out");
  }

  @Test
  void timesThatLeaveNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("s.csv"), "t,a\n1,1\n2,1\n3,1\n4,1\n");
    var source = new SeriesSource(file.toString(), options("", 2, 1), new Bounds("3", "2"));
    assertThatThrownBy(() -> SeriesSourceTest.read(source, 40, new Settled[1]))
        .hasMessageEndingWith("s.csv: from (3) is not before until (2); nothing lies between them");
  }

  @Test
  void aSeriesInTwoFiles() throws IOException {
    for (String name : List.of("1.csv", "2.csv")) {
      Files.writeString(folder.resolve(name), "s,t,a\nx,1,1\nx,2,1\n");
    }
    var source = new SeriesSource(folder.toString(), options("s", 2, 1), Bounds.NONE);
    assertThatThrownBy(() -> SeriesSourceTest.read(source, 1 << 20, new Settled[1]))
        .hasMessageContaining(
            "both have rows of series 'x'. Put the rows of a series into one file.");
  }

  @Test
  void windowsThatCannotBe() {
    assertThatThrownBy(() -> options("", 2, 0)).hasMessage("horizon: must be at least 1, not 0");
    assertThatThrownBy(() -> options("", 0, 1)).hasMessage("window: must be at least 1, not 0");
    assertThat(options("", 1, 1).features()).containsExactly("a");
  }
}
