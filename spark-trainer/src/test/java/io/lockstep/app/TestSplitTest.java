package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.InputException;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.PlanParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file gives examples to train, to watch and to test. */
class TestSplitTest {
  private static final String HEADER = "a,b,kind\n";
  private static final int ROWS = 100;

  @TempDir Path folder;
  private final List<String> rows = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    var random = new SplittableRandom(7);
    for (int row = 0; row < ROWS; row++) {
      double a = random.nextDouble();
      double b = row / 10.0; // so that means of the whole and of a part differ
      rows.add(a + "," + b + "," + (a > 0.5 ? "yes" : "no") + "\n");
    }
    table("whole.csv", 0, ROWS);
  }

  private String table(String name, int from, int until) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, HEADER + String.join("", rows.subList(from, until)));
    return "csv: {path: %s, label: kind}".formatted(file);
  }

  private PlanBuilder plan(String train) {
    return PlanBuilder.named("split")
        .train(train)
        .set("data.normalize", "standardize")
        .layers("dense: {units: 4, activation: tanh}", "dense: 2")
        .set("model.task", "classification")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(4)
        .epochs(2)
        .set("run.engine", "inProcess");
  }

  private TrainedModel trained(PlanBuilder plan, String run) throws IOException {
    return Training.of(plan.directory(folder.resolve(run).toString()).build()).run();
  }

  @Test
  void theLastRowsAreTestedAsIfTheyWereAFileOfTheirOwn() throws IOException {
    String whole = "csv: {path: %s, label: kind}".formatted(folder.resolve("whole.csv"));
    PlanBuilder one = plan(whole).test(0.3).validation(0.1).set("data.holdOut", "last");
    TrainedModel split = trained(one, "one");
    // Ten rows to watch, as a tenth of the hundred.
    PlanBuilder two =
        plan(table("first.csv", 0, 70)).validation(10 / 70.0).set("data.holdOut", "last");
    TrainedModel files = trained(two.test(table("last.csv", 70, ROWS)), "two");

    assertThat(split.test().orElseThrow().examples()).isEqualTo(30);
    assertThat(split.test().orElseThrow().toJson()).isEqualTo(files.test().orElseThrow().toJson());
    assertThat(split.scores("validation").orElseThrow().at("/metrics"))
        .isEqualTo(files.scores("validation").orElseThrow().at("/metrics"));
  }

  @Test
  void onSparkItIsTheSameAndTheLedgerHolds() throws IOException {
    String whole = "csv: {path: %s, label: kind}".formatted(folder.resolve("whole.csv"));
    TrainedModel alone = trained(plan(whole).test(0.2).validation(0.1), "alone");
    PlanBuilder spark = plan(whole).test(0.2).validation(0.1).set("run.engine", "spark");
    TrainedModel other = trained(spark.set("run.master", "local[2]"), "spark");

    JsonNode test = alone.test().orElseThrow().toJson();
    assertThat(alone.test().orElseThrow().examples()).isEqualTo(20);
    assertThat(other.test().orElseThrow().toJson()).isEqualTo(test);
    assertThat(folder.resolve("spark/model.zip"))
        .hasSameBinaryContentAs(folder.resolve("alone/model.zip"));
    for (TrainedModel each : List.of(alone, other)) {
      assertThat(Verification.ledger(each.directory()).isExact()).isTrue();
    }
    assertThatThrownBy(() -> Evaluation.of(alone.directory()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.test of this model's plan is a part of its training data");
  }

  @Test
  void aPlanSaysItAndIsRefusedWhereNothingIsLeft() throws IOException {
    String whole = "csv: {path: %s, label: kind}".formatted(folder.resolve("whole.csv"));
    String yaml = plan(whole).test(0.25).build().toYaml();
    assertThat(yaml).contains("test: 0.25");
    assertThat(PlanParser.parse(yaml, "plan", List.of()).data().testShare()).isEqualTo(0.25);
    assertThatThrownBy(() -> PlanParser.parse(yaml, "plan", List.of("data.test=1.5")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.test");
    assertThatThrownBy(() -> trained(plan(whole).test(0.6).validation(0.4), "none"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Nothing left to train");
    String series = "series: {path: %s, targets: [a], window: 3}";
    PlanBuilder windows = plan(series.formatted(folder.resolve("whole.csv"))).test(0.2);
    assertThatThrownBy(() -> trained(windows, "series"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("until: TIME");
  }
}
