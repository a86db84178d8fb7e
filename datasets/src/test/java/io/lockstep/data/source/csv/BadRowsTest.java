package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.SkippedRecord;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.ToScore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that cannot be used are left out, wherever a table is cut; what is kept stays what it is.
 */
class BadRowsTest {
  private static final Configuration HADOOP = new Configuration();

  /** Rows by what is wrong with them; empty for nothing. */
  private static final Map<String, Optional<Fault>> ROWS =
      new TreeMap<>(
          Map.of(
              "a,1,x\n", Optional.empty(),
              "\"b\nc\",2.5,y\r\n", Optional.empty(),
              "d,,x\n", Optional.of(Fault.NO_NUMBER),
              "e,much,x\n", Optional.of(Fault.NO_NUMBER),
              "f,1e99,x\n", Optional.of(Fault.NO_NUMBER),
              "g,3\n", Optional.of(Fault.COLUMNS),
              "h,3,z\n", Optional.of(Fault.UNKNOWN_CLASS),
              "i,4,\n", Optional.of(Fault.NO_LABEL),
              "\"j\" k,5,x\n", Optional.of(Fault.QUOTES),
              "\u00FF,6,x\n", Optional.of(Fault.NOT_TEXT)));

  @TempDir Path folder;

  private CsvSource table(String text) throws IOException {
    Path file = folder.resolve("t.csv");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    return new CsvSource(
            file.toString(),
            CsvOptions.classes("kind").withFeatures("n").withClasses(List.of("x", "y")))
        .withBadRecords(BadRecords.SKIP);
  }

  @Test
  void theyAreCountedAndTheOthersAreWhatTheyWere() throws IOException {
    var text = new StringBuilder("id,n,kind\n");
    var clean = new StringBuilder("id,n,kind\n");
    var faults = new TreeMap<Fault, Long>();
    List<String> places = new ArrayList<>();
    long line = 2;
    for (int times = 0; times < 3; times++) {
      for (Map.Entry<String, Optional<Fault>> row : ROWS.entrySet()) {
        text.append(row.getKey());
        if (row.getValue().isEmpty()) {
          clean.append(row.getKey());
        } else {
          faults.merge(row.getValue().get(), 1L, Long::sum);
          places.add(line + " " + row.getValue().get());
        }
        line += row.getKey().chars().filter(it -> it == '\n').count();
      }
    }
    ReadInSplits wanted = read(table(clean.toString()), 1 << 20);
    CsvSource source = table(text.toString());
    for (int bytes : new int[] {1, 3, 10, 33, 100, 1 << 20}) {
      ReadInSplits read = read(source, bytes);
      assertThat(examples(read)).as("splits of %d", bytes).isEqualTo(examples(wanted));
      SkippedRecords skipped = read.settled().skipped();
      assertThat(skipped.counts()).as("splits of %d", bytes).isEqualTo(faults);
      assertThat(skipped.first().stream().map(it -> it.line() + " " + it.fault()))
          .as("splits of %d", bytes)
          .isEqualTo(places.subList(0, SkippedRecords.SHOWN));
    }
    assertThat(read(source, 1 << 20).settled().hash()).isEqualTo(wanted.settled().hash());
    CsvSource strict = source.withBadRecords(BadRecords.FAIL);
    assertThatThrownBy(() -> read(strict, 1 << 20)).isInstanceOf(InputException.class);
  }

  private static ReadInSplits read(CsvSource source, long bytes) throws IOException {
    return ReadInSplits.of(source, source.layout(HADOOP, bytes));
  }

  private static List<String> examples(ReadInSplits read) {
    List<String> examples = new ArrayList<>();
    for (Block block : read.blocks()) {
      for (int row = 0; row < block.size(); row++) {
        examples.add(block.id(row) + " " + block.values(0).at(row) + " " + block.values(1).at(row));
      }
    }
    return examples;
  }

  @Test
  void theyAreKeptAtHandAsTheyStandInTheFile() throws IOException {
    String text = "id,n,kind\n" + String.join("", ROWS.keySet());
    CsvSource source = table(text).toScore(ToScore.everything().withSkipped());
    SourceLayout layout = source.layout(HADOOP);
    List<String> records = new ArrayList<>();
    try (SplitReader reader = source.open(HADOOP, layout, layout.splits().get(0))) {
      while (reader.next().isPresent()) {
        reader.skipped().stream().map(SkippedRecord::text).forEach(records::add);
      }
    }
    assertThat(records)
        .isEqualTo(
            ROWS.keySet().stream()
                .filter(it -> ROWS.get(it).isPresent())
                .map(it -> it.strip().replace('\u00FF', '\uFFFD'))
                .toList());
  }

  @Test
  void columnsPassThroughBesideTheirExamples() throws IOException {
    String text = "id,n,kind\n" + String.join("", ROWS.keySet());
    CsvSource source = table(text).toScore(ToScore.everything().withColumns(List.of("kind", "id")));
    for (int bytes : new int[] {1, 10, 1 << 20}) {
      SourceLayout layout =
          source.layout(HADOOP).withSplits(read(table(text), bytes).settled().layout().splits());
      assertThat(layout.passed()).containsExactly("kind", "id");
      List<String> passed = new ArrayList<>();
      for (SourceSplit split : layout.splits()) {
        try (SplitReader reader = source.open(HADOOP, layout, split)) {
          for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
            assertThat(reader.passed()).hasSize(block.get().size());
            for (int row = 0; row < block.get().size(); row++) {
              // Classes are numbered as in training, whichever comes first.
              assertThat(block.get().values(1).at(row))
                  .isEqualTo(reader.passed().get(row)[0].equals("x") ? 0 : 1);
              passed.add(reader.passed().get(row)[1].toString());
            }
          }
        }
      }
      assertThat(passed).containsExactly("b\nc", "a");
    }
  }

  @Test
  void labelsMayBeMissingAndNamesAreUnique() throws IOException {
    CsvSource source =
        new CsvSource(
                Files.writeString(folder.resolve("u.csv"), ",N,n,n\nq,1,2,3\n").toString(),
                CsvOptions.classes("kind").withFeatures("2").withClasses(List.of("x", "y")))
            .toScore(ToScore.everything());
    SourceLayout layout = source.layout(HADOOP);
    assertThat(layout.schema().labels()).isEmpty();
    assertThat(layout.passed()).containsExactly("_c0", "N", "n2", "n3");
    try (SplitReader reader = source.open(HADOOP, layout, layout.splits().get(0))) {
      assertThat(reader.next().orElseThrow().values(0).at(0)).isEqualTo(2);
      assertThat(reader.passed().get(0)).containsExactly("q", "1", "2", "3");
    }
  }
}
