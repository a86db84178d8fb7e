package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequences of similar length in a minibatch: less padding, and all promises as without. */
class BucketingTest {
  @TempDir private static Path folder;
  private static TrainedModel bucketed;

  private static PlanBuilder plan(String run) {
    return PlanBuilder.named("words")
        .train(
            "textCsv: {path: %s, text: text, label: kind, tokens: character}"
                .formatted(folder.resolve("words.csv")))
        .layers("embedding: 3", "lstm: 4", "dense: {activation: softmax}")
        .loss("categoricalCrossentropy")
        .replicas(2)
        .batch(4)
        .localSteps(3)
        .epochs(2)
        .set("run.engine", "inProcess")
        .directory(folder.resolve(run).toString());
  }

  private static PlanBuilder byLength(String run) {
    return plan(run).set("training.bucketing", "byLength");
  }

  @BeforeAll
  static void train() throws IOException {
    var table = new StringBuilder("text,kind\n");
    for (int i = 0; i < 150; i++) {
      table.append("ab".repeat(1 + i * 31 % 23)).append(i % 2 == 0 ? ",even\n" : "b,odd\n");
    }
    Files.writeString(folder.resolve("words.csv"), table);
    bucketed = Training.of(byLength("run").build()).run();
  }

  @Test
  void lessIsPadded() throws IOException {
    TrainedModel any = Training.of(plan("any").build()).run();
    assertThat(any.padding().steps()).isEqualTo(bucketed.padding().steps()).isPositive();
    assertThat(any.padding().share()).isGreaterThan(0.3);
    assertThat(bucketed.padding().share()).isLessThan(0.2);
  }

  @Test
  void theLedgerIsThatOfThePlan() throws IOException {
    assertThat(Verification.ledger(folder.resolve("run").toString()).problems()).isEmpty();
    // The same run is not what a plan without buckets asks for.
    Path other = folder.resolve("other");
    Training.of(plan("other").build()).run();
    Files.copy(
        folder.resolve("run/plan.yaml"),
        other.resolve("plan.yaml"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(Verification.ledger(other.toString()).problems()).isNotEmpty();
  }

  @Test
  void theEngineDoesNotMatter() throws IOException {
    Training.of(byLength("spark").set("run.engine", "spark").set("run.master", "local[2]").build())
        .run();
    assertThat(folder.resolve("spark/model.zip"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("run/model.zip")));
  }

  @Test
  void stoppedInMidEpochAndResumedIsUninterrupted() throws IOException {
    var asked = new AtomicInteger();
    TrainedModel stopped =
        Training.of(byLength("stopped").build()).stopWhen(() -> asked.incrementAndGet() > 2).run();
    assertThat(stopped.outcome()).isNotEqualTo(Outcome.FINISHED);
    Training.resume(folder.resolve("stopped").toString()).run();
    assertThat(folder.resolve("stopped/model.zip"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("run/model.zip")));
  }

  @Test
  void examplesOfOneLengthHaveNoBuckets() throws IOException {
    Path table = Files.writeString(folder.resolve("t.csv"), "a,b,y\n1,2,n\n2,1,m\n3,4,n\n");
    PlanBuilder fixed =
        byLength("fixed")
            .train("csv: {path: %s, label: y}".formatted(table))
            .layers("dense: {units: 2, activation: softmax}");
    assertThatThrownBy(() -> Training.of(fixed.build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the examples all have one length");
    assertThatThrownBy(() -> byLength("state").set("training.stateful", "true").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("stateful");
  }
}
