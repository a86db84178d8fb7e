package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.TrainingPlan.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights by class, which are weights of examples while it is trained, and nothing after. */
class ClassWeightsTest {
  private static final int ROWS = 150;
  private static final int HELD = 30;

  @TempDir private Path folder;
  private final List<String> rows = new ArrayList<>();
  private int rare;

  /** One in six is rare; its weights in one column, halves of them in another. */
  @BeforeEach
  void writeTable() throws IOException {
    Random random = new Random(4);
    var text = new StringBuilder("x,y,kind,by_class,half,number,product\n");
    for (int i = 0; i < ROWS; i++) {
      boolean isRare = random.nextInt(6) == 0;
      rare += isRare && i < ROWS - HELD ? 1 : 0;
      String row =
          "%s,%s,%s,%s,%s,%s,%s"
              .formatted(
                  random.nextGaussian() + (isRare ? 1 : 0),
                  random.nextGaussian(),
                  isRare ? "rare" : "common",
                  isRare ? 5 : 0.25,
                  1 + i % 3,
                  random.nextInt(9),
                  (isRare ? 5 : 0.25) * (1 + i % 3));
      rows.add(row);
      text.append(row).append('\n');
    }
    Files.writeString(folder.resolve("train.csv"), text);
  }

  private PlanBuilder plan(String more) {
    return PlanBuilder.named("kinds")
        .train("csv: {path: %s/train.csv, label: kind, features: [x, y]%s}".formatted(folder, more))
        .test("csv: {path: %s/train.csv, label: kind, features: [x, y]%s}".formatted(folder, more))
        .validation(HELD / (double) ROWS)
        .set("data.holdOut", "last")
        .layers("dense: {units: 5, activation: tanh}", "dense: {units: 1, activation: sigmoid}")
        .loss("binaryCrossentropy")
        .optimizer("sgd: {learningRate: 0.3}")
        .replicas(2)
        .batch(8)
        .localSteps(3)
        .epochs(3)
        .set("run.engine", "inProcess");
  }

  private int runs;
  private final List<String> notes = new ArrayList<>();

  private TrainedModel trained(Plan plan) throws IOException {
    return Training.of(plan)
        .directory(folder + "/run" + runs++)
        .listener(
            new TrainingListener() {
              @Override
              public void note(String line) {
                notes.add(line);
              }
            })
        .run();
  }

  private static float[] parameters(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
        .state()
        .parameters();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theyAreWeightsOfExamplesOnlyInTraining(Mode mode) throws IOException {
    int steps = mode == Mode.GRADIENT ? 1 : 3;
    PlanBuilder byClass =
        plan("")
            .mode(mode)
            .localSteps(steps)
            .set("training.classWeights", "{rare: 5, common: 0.25}");
    TrainedModel one = trained(byClass.build());
    TrainedModel other = trained(plan(", weight: by_class").mode(mode).localSteps(steps).build());
    assertThat(parameters(one)).isEqualTo(parameters(other));
    assertThat(one.test().orElseThrow().metric("loss"))
        .isNotCloseTo(other.test().orElseThrow().metric("loss"), within(1e-3));

    TrainedModel plain = trained(plan("").mode(mode).localSteps(steps).build());
    assertThat(parameters(plain)).isNotEqualTo(parameters(one));
    assertThat(plain.test().orElseThrow().metric("recall"))
        .isLessThan(one.test().orElseThrow().metric("recall"));
    TrainedModel ones =
        trained(
            plan("")
                .mode(mode)
                .localSteps(steps)
                .set("training.classWeights", "{rare: 1}")
                .build());
    assertThat(parameters(ones)).isEqualTo(parameters(plain));

    TrainedModel onSpark =
        trained(byClass.set("run.engine", "spark").set("run.master", "local[2]").build());
    assertThat(parameters(onSpark)).isEqualTo(parameters(one));
    assertThat(onSpark.test().orElseThrow().toJson()).isEqualTo(one.test().orElseThrow().toJson());
  }

  @Test
  void theyMultiplyTheWeightsOfTheExamples() throws IOException {
    TrainedModel both =
        trained(
            plan(", weight: half").set("training.classWeights", "{rare: 5, common: 0.25}").build());
    assertThat(parameters(both)).isEqualTo(parameters(trained(plan(", weight: product").build())));
  }

  @Test
  void balancedOnesAreCountedOnTheTrainingPart() throws IOException {
    int trained = ROWS - HELD;
    TrainedModel balanced = trained(plan("").set("training.classWeights", "balanced").build());
    double ofRare = trained / (2.0 * rare);
    double ofCommon = trained / (2.0 * (trained - rare));
    TrainedModel byName =
        trained(
            plan("")
                .set("training.classWeights", "{rare: %s, common: %s}".formatted(ofRare, ofCommon))
                .build());
    assertThat(parameters(balanced)).isEqualTo(parameters(byName));
    assertThat(notes)
        .anyMatch(
            it ->
                it.startsWith("weights of classes: common ")
                    && it.contains("(%d), rare ".formatted(trained - rare)));
    TrainedModel onSpark =
        trained(
            plan("")
                .set("training.classWeights", "balanced")
                .set("run.engine", "spark")
                .set("run.master", "local[2]")
                .build());
    assertThat(parameters(onSpark)).isEqualTo(parameters(balanced));
  }

  /** One step an epoch, of all examples: so the order in them does not matter. */
  @Test
  void fourReplicasAreOneMachineWithBothKindsOfWeights() throws IOException {
    PlanBuilder plan =
        plan(", weight: half")
            .set("training.classWeights", "{rare: 3}")
            .mode(Mode.GRADIENT)
            .localSteps(1)
            .batch(ROWS)
            .epochs(50);
    float[] one = parameters(trained(plan.replicas(1).build()));
    float[] four = parameters(trained(plan.replicas(4).build()));
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < one.length; i++) {
      difference += Math.pow((double) one[i] - four[i], 2);
      norm += Math.pow(one[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
  }

  @Test
  void aWeightOfAnExampleCountsInMetricsAndOneOfAClassDoesNot() throws IOException {
    TrainedModel model =
        trained(plan(", weight: half").set("training.classWeights", "balanced").build());
    var repeated = new StringBuilder("x,y,kind\n");
    for (String row : rows) {
      String[] values = row.split(",", -1);
      for (int i = 0; i < Integer.parseInt(values[4]); i++) {
        repeated.append("%s,%s,%s%n".formatted(values[0], values[1], values[2]));
      }
    }
    Files.writeString(folder.resolve("repeated.csv"), repeated);
    var plain = model.evaluate(folder + "/repeated.csv");
    model
        .test()
        .orElseThrow()
        .metrics()
        .forEach(
            (metric, value) -> {
              if (!metric.word().equals("loss")) {
                assertThat(value)
                    .as(metric.word())
                    .isCloseTo(plain.metrics().get(metric), within(1e-6));
              }
            });
    // sum(w l) / N against sum(l) / the number of repeated rows: Keras divides by N.
    double repeats = plain.examples() / (double) ROWS;
    assertThat(model.test().orElseThrow().metric("loss"))
        .isCloseTo(plain.metric("loss") * repeats, within(1e-5));
  }

  @Test
  void aRuleMayNameTheColumnOfWeights() throws IOException {
    Plan bySource = plan(", weight: half").build();
    Plan byRule = plan("").set("data.columns", "[{weight: half}]").build();
    TrainedModel one = trained(bySource);
    TrainedModel other = trained(byRule);
    assertThat(parameters(other)).isEqualTo(parameters(one));
    assertThat(other.test().orElseThrow().toJson()).isEqualTo(one.test().orElseThrow().toJson());
    assertThatThrownBy(
            () -> plan(", weight: half").set("data.columns", "[{weight: by_class}]").build())
        .hasMessageContaining("weight is by_class, but the table has half");
  }

  @Test
  void whatCannotBeMeantIsSaid() throws IOException {
    assertThatThrownBy(
            () -> trained(plan("").set("training.classWeights", "{rar: 5, other: 1}").build()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training.classWeights names rar (did you mean rare?), other")
        .hasMessageContaining("the classes are common, rare");
    assertThatThrownBy(() -> plan("").set("training.classWeights", "{rare: -1}").build())
        .hasMessageContaining("training.classWeights.rare");
    assertThatThrownBy(() -> plan("").set("training.classWeights", "even").build())
        .hasMessageContaining("must be balanced, or a number for each class");
    assertThatThrownBy(
            () ->
                trained(
                    plan("")
                        .train(
                            "csv: {path: %s/train.csv, targets: [number], features: [x]}"
                                .formatted(folder))
                        .test(
                            "csv: {path: %s/train.csv, targets: [number], features: [x]}"
                                .formatted(folder))
                        .loss("mse")
                        .layers("dense: 1")
                        .set("training.classWeights", "balanced")
                        .build()))
        .hasMessageContaining("training.classWeights is for examples of one class each")
        .hasMessageContaining("numbers to be predicted");
  }
}
