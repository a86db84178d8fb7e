package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Encoding;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.ToScore;
import io.lockstep.ingest.InMemory;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.Wanted;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words and gaps of a table become features, and the model knows alone what it did to them. */
class ColumnsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String HEADER = "id,age,job,size,town,pay\n";
  private static final String ROWS =
      """
      1,20,cook,1,A,low
      2,?,smith,10,A,low
      3,40,cook,100,?,high
      4,60,tailor,1000,B,high
      5,30,smith,?,A,low
      6,50,?,10,A,high
      7,?,cook,10,A,low
      8,40,baker,0,B,high
      9,40,cook,10,B,?
      """;

  @TempDir Path folder;
  private Path train;
  private Path test;

  @BeforeEach
  void write() throws IOException {
    train = Files.writeString(folder.resolve("train.csv"), HEADER + ROWS);
    String unseen = "10,?,pilot,5,C,low\n11,70,?,?,?,high\n12,35.0,cook,-1,A,high\n";
    test = Files.writeString(folder.resolve("test.csv"), HEADER + unseen);
  }

  private PlanBuilder plan(String... rules) {
    String csv = "csv: {path: %s, label: pay, exclude: id, missing: ['?', ''], quote: ''}";
    return PlanBuilder.named("columns")
        .train(csv.formatted(train))
        .test(csv.formatted(test))
        .set("data.normalize", "standardize")
        .set("data.columns", "[" + String.join(", ", rules) + "]")
        .layers("dense: {units: 3, activation: tanh}", "dense: 2")
        .set("model.task", "classification")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(1)
        .batch(2)
        .epochs(2)
        .set("run.engine", "inProcess")
        .directory(folder.resolve("run").toString());
  }

  private Plan full() throws IOException {
    return everyKind().build();
  }

  private PlanBuilder everyKind() {
    return plan(
        "{number: age, missing: median, indicator: true}",
        "{category: [job], missing: category, minCount: 2}",
        "{number: size, missing: mean, log: true, scale: minMax}",
        "{category: 'to*', missing: mostFrequent}",
        "{category: pay, missing: drop}");
  }

  @Test
  void onSparkTheModelIsTheSame() throws IOException {
    Training.of(full()).run();
    Plan onSpark = everyKind().set("run.engine", "spark").set("run.master", "local[2]").build();
    Training.of(onSpark).directory(folder.resolve("spark").toString()).run();
    assertThat(folder.resolve("spark/model.zip"))
        .hasSameBinaryContentAs(folder.resolve("run/model.zip"));
  }

  @Test
  void featuresAreWhatAPersonWorksOut() throws IOException {
    Training.of(full()).run();
    Encoding encoding = (Encoding) model().card().normalizer();
    assertThat(encoding.names())
        .containsExactly(
            "age",
            "age is missing",
            "job=cook",
            "job=smith",
            "job is another",
            "job is missing",
            "size",
            "town=A",
            "town=B");
    // Row 9 is left out. Ages 20 30 40 40 50 60: mean 40, median 40, deviation sqrt(1000 / 6).
    // Sizes 1 10 100 1000 10 10 0: mean 1131 / 7; logarithms from 0 to log 1001.
    double deviation = Math.sqrt(1000 / 6.0);
    double high = Math.log1p(1000);
    float mean = (float) (Math.log1p(1131 / 7.0) / high);
    assertThat(trained(Part.TEST))
        .containsExactly(
            row(0, 1, 0, 0, 1, 0, Math.log1p(5) / high, 0, 0),
            row(30 / deviation, 0, 0, 0, 0, 1, mean, 1, 0),
            row(-5 / deviation, 0, 1, 0, 0, 0, 0, 1, 0));
  }

  private static List<Float> row(double... values) {
    return Arrays.stream(values).mapToObj(value -> (float) value).toList();
  }

  @Test
  void theModelAloneMakesTheSameFeaturesOfRawRows() throws IOException {
    TrainedModel trained = Training.of(full()).run();
    ModelFile model = model();
    for (Path file : List.of(test, withoutPay())) {
      ModelScoring scoring =
          ModelScoring.of(
              model,
              new NamedData(Optional.empty(), model.card()).of(file.toString()),
              ToScore.everything(),
              Wanted.PREDICTION,
              4,
              HADOOP);
      List<List<Float>> scored = new ArrayList<>();
      for (SourceSplit split : scoring.layout().splits()) {
        try (SplitReader reader = scoring.source().open(HADOOP, scoring.layout(), split)) {
          reader.next().ifPresent(it -> scored.addAll(rows(scoring.work().prepared().of(it))));
        }
      }
      assertThat(scored).isEqualTo(trained(Part.TEST));
    }
    String alone = folder.resolve("run/model.zip").toString();
    assertThat(Evaluation.of(alone).data(test.toString()).run().metric("loss"))
        .isEqualTo(trained.test().orElseThrow().metric("loss"));
  }

  private Path withoutPay() throws IOException {
    return Files.writeString(
        folder.resolve("raw.csv"), Files.readString(test).replaceAll("(?m),[a-z]+$", ""));
  }

  private ModelFile model() throws IOException {
    return ModelFile.read(folder.resolve("run/model.zip").toString(), Kernels.AUTO, HADOOP);
  }

  /** Features as training has them. */
  private List<List<Float>> trained(Part part) throws IOException {
    return trained(part, full());
  }

  private static List<List<Float>> trained(Part part, Plan plan) throws IOException {
    List<List<Float>> rows = new ArrayList<>();
    try (var kept =
        new Ingestion<>(new InMemory(HADOOP, IngestionWatch.NONE)).run(PreparedRun.request(plan))) {
      for (int piece = 0; piece < kept.dealt().pieces(); piece++) {
        var shard = kept.pieces(part).shard(part, piece);
        for (int number = 0; number < shard.blocks(); number++) {
          rows.addAll(rows(shard.block(number)));
        }
      }
    }
    return rows;
  }

  private static List<List<Float>> rows(Block block) {
    List<List<Float>> rows = new ArrayList<>();
    int width = block.schema().inputs().get(0).width();
    for (int row = 0; row < block.size(); row++) {
      List<Float> values = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        values.add((float) block.values(0).at(row * width + i));
      }
      rows.add(values);
    }
    return rows;
  }

  @Test
  void whatIsLeftOutIsTold() throws IOException {
    try (var kept =
        new Ingestion<>(new InMemory(HADOOP, IngestionWatch.NONE))
            .run(PreparedRun.request(full()))) {
      assertThat(kept.dealt().notes())
          .anyMatch(note -> note.contains("1 with a missing value") && note.contains("line 10"));
    }
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    refused(
        "line 3: column 'age': '?', which stands for a missing value", "{category: [job, town]}");
    refused("data.columns says two things of column 'age'", "{number: age}", "{category: age}");
    refused("no column 'job2'", "{category: job2}");
    refused("two numbers", "{number: size, clip: [1]}");
    refused("is no range", "{number: size, clip: [2, 1]}");
    refused("under one of them only", "{date: age, number: age}");
    refused("say nothing else in this rule", "{ignored: age, log: true}");
    refused("is no pattern", "{date: age, format: 'yyyy-bb'}");
    Files.writeString(train, HEADER + ROWS.replace("baker,0", "baker,-1"));
    refused(
        "column 'size' reaches down to -1",
        "{number: [age, size], log: true, fill: 0}",
        "{category: pay, missing: drop}",
        "{category: '*', missing: category}");
  }

  @Test
  void datesAndClippedNumbersBecomeFeaturesAndIgnoredColumnsNone() throws IOException {
    String header = "id,seen,paid,kind\n";
    Files.writeString(
        train,
        header
            + "1,01.01.2024 06:00,5,a\n" // a Monday
            + "2,02.07.2024 00:00,500,b\n" // a Tuesday, 183 days later
            + "3,?,-7,a\n");
    Files.writeString(test, header + "4,31.12.2023 12:00,50,b\n"); // a Sunday
    String csv = "csv: {path: %s, label: kind, missing: ['?']}";
    Plan plan =
        plan(
                "{date: seen, format: 'dd.MM.yyyy HH:mm', missing: mean, indicator: true}",
                "{number: paid, clip: [0, 100], scale: minMax}",
                "{ignored: '*'}")
            .train(csv.formatted(train))
            .test(csv.formatted(test))
            .build();
    TrainedModel trained = Training.of(plan).run();
    Encoding encoding = (Encoding) model().card().normalizer();
    assertThat(encoding.names())
        .hasSize(14)
        .contains("seen", "seen on Monday", "seen in the day, sine", "seen is missing", "paid");
    // Days since 2024 began: 0.25 and 183, so the mean is 91.625 and the deviation 91.375.
    double year = 2 * Math.PI * 364.5 / 365;
    List<Float> expected = new ArrayList<>();
    expected.addAll(row((-0.5 - 91.625) / 91.375, Math.sin(year), Math.cos(year)));
    expected.addAll(row(0, 0, 0, 0, 0, 0, 1));
    expected.addAll(row(Math.sin(Math.PI), -1, 0, 0.5));
    List<List<Float>> features = trained(Part.TEST, plan);
    assertThat(features).hasSize(1);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(features.get(0).get(i)).isCloseTo(expected.get(i), within(1e-5f));
    }
    String alone = folder.resolve("run/model.zip").toString();
    assertThat(Evaluation.of(alone).data(test.toString()).run().metric("loss"))
        .isEqualTo(trained.test().orElseThrow().metric("loss"));
    Files.writeString(train, header + "1,01.01.2024 06:00,5,a\n2,2024-02-03,1,b\n");
    String other = folder.resolve("other").toString();
    assertThatThrownBy(() -> Training.of(plan).directory(other).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 3: column 'seen': '2024-02-03' is not a date as format:");
  }

  private void refused(String message, String... rules) {
    assertThatThrownBy(() -> Training.of(plan(rules).build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
