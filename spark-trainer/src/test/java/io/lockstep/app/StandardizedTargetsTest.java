package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices in tens of thousands, learned as numbers around 0 and measured as prices. */
class StandardizedTargetsTest {
  private static final int EXAMPLES = 200;

  @TempDir private Path folder;

  /** The same table twice: prices as they are, and standardised by hand. */
  @BeforeEach
  void writeTables() throws IOException {
    Random random = new Random(6);
    double[][] rows = new double[EXAMPLES][];
    double mean = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows[i] = new double[] {a, b, 20_000 + 9_000 * a - 4_000 * b + 100 * random.nextGaussian()};
      mean += rows[i][2] / EXAMPLES;
    }
    double variance = 0;
    for (double[] row : rows) {
      variance += (row[2] - mean) * (row[2] - mean) / EXAMPLES;
    }
    var prices = new StringBuilder("a,b,price\n");
    var standardized = new StringBuilder("a,b,price\n");
    for (double[] row : rows) {
      prices.append("%s,%s,%s%n".formatted(row[0], row[1], row[2]));
      standardized.append(
          "%s,%s,%s%n".formatted(row[0], row[1], (row[2] - mean) / Math.sqrt(variance)));
    }
    Files.writeString(folder.resolve("prices.csv"), prices);
    Files.writeString(folder.resolve("standardized.csv"), standardized);
  }

  private PlanBuilder plan(String table, String name) {
    return PlanBuilder.named("prices")
        .train("csv: {path: %s/%s.csv, targets: [price]}".formatted(folder, table))
        .test("csv: {path: %s/%s.csv, targets: [price]}".formatted(folder, table))
        .layers("dense: {units: 8, activation: tanh}", "dense: 1")
        .loss("mse")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(8)
        .epochs(10)
        .set("run.engine", "inProcess")
        .directory(folder.resolve(name).toString());
  }

  private static float[] weights(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
        .state()
        .parameters();
  }

  @Test
  void theNetworkIsThatOfTargetsStandardizedByHandAndItsFiguresArePrices() throws IOException {
    TrainedModel byHand = Training.of(plan("standardized", "by-hand").build()).run();
    PlanBuilder plan = plan("prices", "run").set("data.standardizeTargets", true);
    TrainedModel model = Training.of(plan.build()).run();

    float[] expected = weights(byHand);
    float[] actual = weights(model);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
    }
    var test = model.test().orElseThrow();
    var small = byHand.test().orElseThrow();
    assertThat(test.metric("r2")).isGreaterThan(0.95).isCloseTo(small.metric("r2"), within(1e-4));
    assertThat(test.metric("loss")).isCloseTo(small.metric("loss"), within(1e-4));
    double deviation = test.metric("rmse") / small.metric("rmse");
    assertThat(deviation).isBetween(8_000.0, 12_000.0);

    Path alone = Files.copy(folder.resolve("run/model.zip"), folder.resolve("model.zip"));
    var later =
        Evaluation.of(alone.toString()).data(folder + "/prices.csv").master("local[1]").run();
    assertThat(later.metric("r2")).isCloseTo(test.metric("r2"), within(1e-6));
    assertThat(later.metric("mae")).isCloseTo(test.metric("mae"), within(0.1));

    TrainedModel onSpark =
        Training.of(
                plan.set("run.engine", "spark")
                    .set("run.master", "local[2]")
                    .directory(folder.resolve("spark").toString())
                    .build())
            .run();
    assertThat(weights(onSpark)).isEqualTo(actual);
    assertThat(onSpark.test().orElseThrow().toJson()).isEqualTo(test.toJson());
  }

  @Test
  void whereItMeansNothingItIsRefused() {
    assertThatThrownBy(
            () ->
                Training.of(
                        plan("prices", "run")
                            .set("data.standardizeTargets", true)
                            .layers("dense: {units: 1, activation: softplus}")
                            .loss("poisson")
                            .build())
                    .run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.standardizeTargets is for the losses mse and mae")
        .hasMessageContaining("poisson");
    assertThatThrownBy(
            () ->
                Training.of(
                        plan("prices", "run")
                            .train("csv: {path: %s/prices.csv, label: price}".formatted(folder))
                            .set("data.standardizeTargets", true)
                            .build())
                    .run())
        .isInstanceOf(InputException.class);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
