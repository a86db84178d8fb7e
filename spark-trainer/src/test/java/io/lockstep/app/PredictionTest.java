package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of enough steps ends with what {@code lockstep plan} would have said of it. */
class PredictionTest {
  @TempDir private Path folder;

  private TrainedModel trained(int epochs) throws IOException {
    return Training.of(
            PlanBuilder.named("small")
                .train("csv: {path: ../conf/data/breast-cancer-train.csv, label: malignant}")
                .layers("dense")
                .set("model.task", "classification")
                .replicas(2)
                .batch(10)
                .epochs(epochs)
                .set("run.engine", "inProcess")
                .directory(folder.resolve("run" + epochs).toString())
                .build())
        .run();
  }

  @Test
  void enoughStepsToCompareWithAndTooFew() throws IOException {
    var predicted = trained(12).prediction().orElseThrow();

    assertThat(predicted.where()).isEqualTo("one thread");
    assertThat(predicted.step()).isPositive();
    assertThat(predicted.epoch()).isGreaterThan(20 * predicted.step());
    assertThat(predicted.measured()).isPositive();
    assertThat(trained(1).prediction()).isEmpty();
  }
}
