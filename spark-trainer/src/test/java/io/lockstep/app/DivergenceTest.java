package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.train.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One example of many is such that the loss of its batch is no number. */
class DivergenceTest {
  private static final int ROWS = 240;

  @TempDir private Path folder;

  @BeforeEach
  void writeTable() throws IOException {
    var text = new StringBuilder("x,y\n");
    for (int i = 0; i < ROWS; i++) {
      double x = i == ROWS / 2 ? 1e38 : Math.sin(i);
      text.append(x).append(',').append(Math.cos(i)).append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), text);
  }

  private Plan plan(EngineKind engine, String rows) {
    return PlanBuilder.named("line")
        .train("csv: {path: %s/%s, targets: [y]}".formatted(folder, rows))
        .layers("dense: {units: 4, activation: relu}", "dense: {units: 1}")
        .loss("mse")
        .optimizer("sgd: {learningRate: 0.01}")
        .set("training", "{replicas: 3, batch: 8, localSteps: 2, epochs: 1}")
        .set(
            "run",
            "{engine: %s, master: 'local[2]', directory: %s/%s}"
                .formatted(
                    engine == EngineKind.SPARK ? "spark" : "inProcess", folder, engine.name()))
        .build();
  }

  /** At the same place wherever it runs, without a second attempt; what was before is of use. */
  @Test
  void theRunEndsThereAndAnotherOneBeginsFromTheStateBefore() throws IOException {
    Throwable here =
        catchThrowable(() -> Training.of(plan(EngineKind.IN_PROCESS, "table.csv")).run());
    Throwable there = catchThrowable(() -> Training.of(plan(EngineKind.SPARK, "table.csv")).run());

    assertThat(here)
        .isInstanceOf(NonFiniteException.class)
        .hasMessageMatching(
            "the loss became .* in epoch 1, round \\d, replica \\d, minibatch \\d.*");
    assertThat(there).isInstanceOf(NonFiniteException.class).hasMessage(here.getMessage());

    Files.writeString(
        folder.resolve("mended.csv"),
        Files.readString(folder.resolve("table.csv")).replace("1.0E38", "0.5"));
    TrainedModel model =
        Training.of(plan(EngineKind.IN_PROCESS, "mended.csv"))
            .from(folder.resolve(EngineKind.SPARK.name()).toString())
            .directory(folder.resolve("mended").toString())
            .run();
    assertThat(model.file()).isPresent();
    assertThat(Verification.ledger(model.directory()).problems()).isEmpty();
  }
}
