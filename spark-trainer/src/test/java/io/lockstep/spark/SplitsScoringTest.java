package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.Scores;
import io.lockstep.app.Scoring;
import io.lockstep.app.Training;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores are the same wherever a file is cut, and so is what is said of bad records. */
class SplitsScoringTest {
  private static final int ROWS = 400;

  @TempDir private static Path folder;
  private static JavaSparkContext spark;
  private static String model;

  private static int outputs;

  /** A table in splits of a few bytes. */
  private record Cut(CsvSource csv, long bytes) implements ExampleSource {
    private static final long serialVersionUID = 1L;

    @Override
    public SourceLayout layout(Configuration hadoop) throws IOException {
      SourceLayout layout = csv.layout(hadoop);
      List<SourceSplit> splits = new ArrayList<>();
      SourceSplit whole = layout.splits().get(0);
      for (long from = 0; from < whole.to(); from += bytes) {
        splits.add(
            new SourceSplit(splits.size(), whole.file(), from, Math.min(from + bytes, whole.to())));
      }
      return layout.withSplits(splits);
    }

    @Override
    public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
        throws IOException {
      return csv.open(hadoop, layout, split);
    }

    @Override
    public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
      return csv.settle(layout, reports);
    }

    @Override
    public ExampleSource like(Labels labels, List<String> columns) {
      return new Cut(csv.like(labels, columns), bytes);
    }

    @Override
    public ExampleSource toScore(ToScore how) {
      return new Cut(csv.toScore(how), bytes);
    }

    @Override
    public ExampleSource withBadRecords(BadRecords policy) {
      return new Cut(csv.withBadRecords(policy), bytes);
    }

    @Override
    public String name() {
      return csv.name();
    }
  }

  @BeforeAll
  static void train() throws IOException {
    spark = new JavaSparkContext(SparkSettings.local("local[2]", "splits"));
    model = folder.resolve("run").toString();
    Training.of(
            PlanBuilder.named("lines")
                .train("csv: {path: %s, label: side, features: [x]}".formatted(table("train", "")))
                .layers("dense: {units: 4, activation: tanh}", "dense: 2")
                .set("model.task", "classification")
                .optimizer("adam: {learningRate: 0.02}")
                .batch(16)
                .epochs(1)
                .set("run.engine", "inProcess")
                .directory(model)
                .build())
        .run();
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  /** Rows with a comment each, that begins with {@code comment}. */
  private static String table(String name, String comment) throws IOException {
    var text = new StringBuilder("comment,x,side\n");
    for (int row = 0; row < ROWS; row++) {
      text.append(
          "\"%srow %d\",%s,%s%n".formatted(comment, row, row % 37 - 18, row % 37 > 18 ? "r" : "l"));
    }
    return Files.writeString(folder.resolve(name + ".csv"), text).toString();
  }

  private static Scoring scoring(String table, long bytes) {
    var csv = new CsvSource(table, CsvOptions.classes("side"));
    return Scoring.of(model).data(bytes == 0 ? csv : new Cut(csv, bytes)).spark(spark);
  }

  private static String output() {
    return folder.resolve("out" + outputs++).toString();
  }

  /** All lines but the headers, in the order of the files. */
  private static List<String> lines(Scores scores) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(scores.output()))) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().startsWith("part-")).sorted().toList()) {
        String text = Files.readString(file);
        all.addAll(List.of(text.substring(text.indexOf('\n') + 1)));
      }
    }
    return List.of(String.join("", all));
  }

  @Test
  void aFileInManySplits() throws IOException {
    String table = table("many", "");
    Scores whole = scoring(table, 0).write(output());

    Scores cut = scoring(table, 1_500).write(output());

    assertThat(cut.rows()).isEqualTo(ROWS);
    assertThat(cut.files()).isGreaterThan(3);
    assertThat(whole.files()).isEqualTo(1);
    try (var files = Files.list(Path.of(cut.output()))) {
      assertThat(files.filter(it -> it.toString().endsWith(".csv"))).hasSizeGreaterThan(3);
    }
    // Minibatches end with splits, which may change the last bit of a product.
    assertThat(withoutDigits(lines(cut))).isEqualTo(withoutDigits(lines(whole)));
  }

  private static List<String> withoutDigits(List<String> text) {
    return text.stream().map(it -> it.replaceAll("(0\\.\\d{4})\\d+", "$1")).toList();
  }

  @Test
  void lineBreaksAtTheEdgesOfSplits() throws IOException {
    String table = table("breaks", "two\nlines, ");

    Scores cut = scoring(table, 777).write(output());

    assertThat(cut.rows()).isEqualTo(ROWS);
    assertThat(cut.files()).isEqualTo(1);
    assertThat(lines(cut)).isEqualTo(lines(scoring(table, 0).write(output())));
  }

  @Test
  void aBadRecordInTheLastOfManySplits() throws IOException {
    String table = table("bad", "");
    String text = Files.readString(Path.of(table)).replace("\"row 398\",", "\"row 398\",no");
    Files.writeString(Path.of(table), text);
    String output = output();

    assertThatThrownBy(() -> scoring(table, 700).write(output))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.csv line 400: column 'x': 'no");
    assertThat(Path.of(output)).doesNotExist();

    String aside = output();
    Scores scores = scoring(table, 700).badRecordsTo(aside).write(output());
    assertThat(scores.rows()).isEqualTo(ROWS - 1);
    assertThat(scores.skipped().first().get(0).line()).isEqualTo(400);
    try (Stream<Path> files = Files.list(Path.of(aside))) {
      Path file = files.filter(it -> it.toString().endsWith(".csv")).findFirst().orElseThrow();
      assertThat(Files.readString(file)).contains("bad.csv,400,noNumber,");
    }
  }
}
