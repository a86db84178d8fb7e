package io.lockstep.data.source.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences are read as they were written, wherever the file is cut; what is wrong is told. */
class SequencesSourceTest {
  @TempDir Path folder;

  private static SequencesOptions options(
      String sequence, String label, String labelsFile, boolean perStep) {
    return options(sequence, label, labelsFile, perStep, LabelKind.CLASS, Missing.ERROR);
  }

  private static SequencesOptions options(
      String sequence,
      String label,
      String labelsFile,
      boolean perStep,
      LabelKind kind,
      Missing missing) {
    return new SequencesOptions(
        new SeriesOptions.Table(
            sequence,
            List.of("t"),
            "",
            Gaps.IGNORE,
            missing,
            List.of("NA"),
            ',',
            true,
            TextEncoding.UTF_8),
        List.of(),
        label.isEmpty() ? List.of() : List.of(label),
        kind,
        List.of(),
        labelsFile,
        perStep);
  }

  /** By id: features, then classes. */
  static List<String> read(SequencesSource source, long splitBytes) throws IOException {
    ReadInSplits read = ReadInSplits.of(source, source.layout(new Configuration(), splitBytes));
    Settled settled = read.settled();
    var found = new TreeMap<Long, String>();
    for (Block block : read.blocks()) {
      for (int row = 0; row < block.size(); row++) {
        found.put(block.id(row), row(block, row, settled.labels()));
      }
    }
    assertThat(found.keySet()).last().isEqualTo(settled.examples() - 1);
    assertThat(found).hasSize((int) settled.examples());
    return List.copyOf(found.values());
  }

  private static String row(Block block, int row, Labels names) {
    int width = block.schema().inputs().get(0).width();
    int from = block.from(0, row);
    double[] values =
        Arrays.copyOfRange(
            ((Values.Doubles) block.values(0)).array(), from, from + block.steps(0, row) * width);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < block.steps(1, row); i++) {
      double label = block.values(1).at(block.from(1, row) + i);
      boolean number = names instanceof Labels.Targets;
      labels.add(number ? String.valueOf(label) : names.names().get((int) label));
    }
    return Arrays.toString(values) + labels;
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 12, 20, 33, 50, 100, 1000})
  void aSequenceIsReadOnceWhereverTheFileIsCut(long splitBytes) throws IOException {
    var text = new StringBuilder("id,t,a,b,class\n");
    List<String> perSequence = new ArrayList<>();
    List<String> perStep = new ArrayList<>();
    for (int sequence = 0; sequence < 12; sequence++) {
      List<Double> values = new ArrayList<>();
      List<String> steps = new ArrayList<>();
      String name = "c" + sequence % 3;
      for (int step = 0; step < 1 + sequence * 5 % 7; step++) {
        double a = sequence * 10 + step;
        values.addAll(List.of(a, -a));
        steps.add(name);
        text.append("s%d,%d,%s,%s,%s\n".formatted(sequence, step, a, -a, name));
      }
      perSequence.add(values + "[" + name + "]");
      perStep.add(values + steps.toString());
    }
    String file = Files.writeString(folder.resolve("s.csv"), text).toString();
    assertThat(read(new SequencesSource(file, options("id", "class", "", false)), splitBytes))
        .isEqualTo(perSequence);
    // The same from a table without the classes, and these by the sequences' names.
    var names = new StringBuilder("nobody,c0\n");
    for (int sequence = 11; sequence >= 0; sequence--) {
      names.append("s%d,c%d\n".formatted(sequence, sequence % 3));
    }
    String labels = Files.writeString(folder.resolve("labels.txt"), names).toString();
    String without = text.toString().replaceAll("(?m),[^,]*$", "");
    String bare = Files.writeString(folder.resolve("bare.csv"), without).toString();
    assertThat(read(new SequencesSource(bare, options("id", "", labels, false)), splitBytes))
        .isEqualTo(perSequence);
    assertThat(read(new SequencesSource(file, options("id", "class", "", true)), splitBytes))
        .isEqualTo(perStep);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\ny\n", "b.csv,y\na,x\n"})
  void filesAreSequencesWithClassesInAFile(String labels) throws IOException {
    Files.writeString(folder.resolve("a.csv"), "t,v\n0,1\n1,2\n");
    Files.writeString(folder.resolve("b.csv"), "t,v\n0,3\n");
    String file = Files.writeString(folder.resolve("labels.txt"), labels).toString();
    var source = new SequencesSource(folder + "/*.csv", options("", "", file, false));
    assertThat(read(source, 1)).containsExactly("[1.0, 2.0][x]", "[3.0][y]");
    assertThat(read(source, 1000)).isEqualTo(read(source, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|labels.txt: 1 lines with labels, but there are 2 sequences (a.csv to b.csv)",
        "x y x|labels.txt: 3 lines with labels, but there are 2 sequences",
        "a,x c,y|labels.txt: there is no line for the file b.csv.",
      })
  void aFileOfLabelsFitsTheSequences(String labels, String message) throws IOException {
    Files.writeString(folder.resolve("a.csv"), "t,v\n0,1\n");
    Files.writeString(folder.resolve("b.csv"), "t,v\n0,3\n");
    String file =
        Files.writeString(folder.resolve("labels.txt"), labels.replace(' ', '\n')).toString();
    var source = new SequencesSource(folder + "/*.csv", options("", "", file, false));
    assertThatThrownBy(() -> read(source, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p,x|s.csv line 3: %s/labels.txt: there is no line for the sequence 'q'.",
        "x y|labels.txt: each line is a class alone, but sequences of a table are known by their",
        "p,x q,y p,z|labels.txt line 3: 'p' comes twice.",
      })
  void aFileOfLabelsFitsTheSequencesOfATable(String labels, String message) throws IOException {
    String table = Files.writeString(folder.resolve("s.csv"), "id,t,v\np,0,1\nq,0,3\n").toString();
    String file =
        Files.writeString(folder.resolve("labels.txt"), labels.replace(' ', '\n')).toString();
    var source = new SequencesSource(table, options("id", "", file, false));
    for (long bytes : new long[] {9, 1000}) {
      assertThatThrownBy(() -> read(source, bytes))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(message.replace("%s", folder.toString()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,t,v,c p,0,1,x p,1,1,y q,0,1,y|s.csv line 3: column 'c': 'y', but 'x' in the rows"
            + " before",
        "id,t,v,c p,0,1,x q,0,1,y p,1,1,x|'p' comes again after another",
        "id,t,v,c p,1,1,x p,0,1,x q,0,1,y|s.csv line 3: column 't': '0' is not later than the row",
        "id,t,v,c p,0,1,x q,0,much,y|s.csv line 3: column 'v': 'much' is not a number.",
        "id,t,v,c p,0,1,x q,0,NA,y|s.csv line 3: column 'v': 'NA', where a number must be.",
        "id,t,v,c p,0,1,x q,0,1,|s.csv line 3: column 'c': the label is empty.",
        "id,t,v,d p,0,1,x|there is no column 'c'. Columns are: id, t, v, d.",
        "id,t,v,c|holds no sequences",
      })
  void whatIsWrongIsToldWithItsLine(String text, String message) throws IOException {
    String file = Files.writeString(folder.resolve("s.csv"), text.replace(' ', '\n')).toString();
    var source = new SequencesSource(file, options("id", "c", "", false));
    for (long bytes : new long[] {9, 1000}) {
      assertThatThrownBy(() -> read(source, bytes))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void rowsThatLackAValueAreLeftOutIfSoIsSaid() throws IOException {
    String text = "id,t,v,y\np,0,1,5\np,1,NA,5\np,2,3,5\nq,0,7,6\n";
    String file = Files.writeString(folder.resolve("s.csv"), text).toString();
    var skipping = options("id", "y", "", false, LabelKind.NUMBER, Missing.SKIP);
    assertThat(read(new SequencesSource(file, skipping), 1000))
        .containsExactly("[1.0, 3.0][5.0]", "[7.0][6.0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,t,v,y p,0,1,NA p,1,2,5|s.csv line 2: column 'y': 'NA', where a number must be.",
        "id,t,v,y p,0,NA,5 p,1,NA,5 q,0,1,6|no row of sequence 'p' is without a missing value",
        "id,t,v,y q,0,1,6 p,0,NA,5|no row of sequence 'p' is without a missing value",
      })
  void aSequenceWithoutALabelOrAStepIsToldEvenSo(String text, String message) throws IOException {
    String file = Files.writeString(folder.resolve("s.csv"), text.replace(' ', '\n')).toString();
    var skipping = options("id", "y", "", false, LabelKind.NUMBER, Missing.SKIP);
    assertThatThrownBy(() -> read(new SequencesSource(file, skipping), 1000))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFileWithoutRowsIsNoSequence() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "t,v,c\n0,1,x\n");
    Files.writeString(folder.resolve("b.csv"), "t,v,c\n");
    var source = new SequencesSource(folder + "/*.csv", options("", "c", "", false));
    assertThatThrownBy(() -> read(source, 1000))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("file b.csv: holds no rows, where each file is a sequence.");
  }
}
