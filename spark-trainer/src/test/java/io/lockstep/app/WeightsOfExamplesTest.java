package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A column of weights, from the table to the model and back. */
class WeightsOfExamplesTest {
  @TempDir private Path folder;

  /** Points right of the diagonal; every other one is called wrongly, and weighs nothing. */
  @BeforeEach
  void writeTables() throws IOException {
    for (String name : List.of("train", "test")) {
      Random random = new Random(name.hashCode());
      var text = new StringBuilder("x,importance,y,side\n");
      for (int i = 0; i < 120; i++) {
        double x = random.nextGaussian();
        double y = random.nextGaussian();
        boolean right = i % 2 == 0 ? x > y : x <= y;
        double weight = i % 2 == 0 ? 1 + i % 3 : 0;
        text.append("%s,%s,%s,%s%n".formatted(x, weight, y, right ? "right" : "left"));
      }
      Files.writeString(folder.resolve(name + ".csv"), text);
    }
    var plain = new StringBuilder("y,side,x\n");
    for (String line : Files.readAllLines(folder.resolve("test.csv"))) {
      String[] values = line.split(",", -1);
      if (values[1].equals("1.0")) {
        plain.append("%s,%s,%s%n".formatted(values[2], values[3], values[0]));
      }
    }
    Files.writeString(folder.resolve("plain.csv"), plain);
  }

  private PlanBuilder plan(String weight) {
    return PlanBuilder.named("sides")
        .train("csv: {path: %s/train.csv, label: side%s}".formatted(folder, weight))
        .test("csv: {path: %s/plain.csv, label: side%s}".formatted(folder, weight))
        .validation(0.2)
        .layers("dense: {units: 2, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("sgd: {learningRate: 0.5}")
        .replicas(2)
        .batch(8)
        .localSteps(2)
        .epochs(3)
        .set("run.engine", "inProcess")
        .directory(folder.resolve("run").toString());
  }

  private static TrainingState state(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration()).state();
  }

  @Test
  void examplesThatWeighNothingTeachNothing() throws IOException {
    TrainedModel model = Training.of(plan(", weight: importance").build()).run();
    assertThat(model.test().orElseThrow().metric("accuracy")).isGreaterThan(0.9);

    TrainedModel misled =
        Training.of(plan(", features: [x, y]").build()).directory(folder + "/misled").run();
    assertThat(misled.test().orElseThrow().metric("accuracy")).isLessThan(0.8);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theBitsAreTheSameOnSparkAndResumed(Mode mode) throws IOException {
    PlanBuilder plan = plan(", weight: importance").mode(mode);
    if (mode == Mode.GRADIENT) {
      plan.localSteps(1);
    }
    TrainedModel alone = Training.of(plan.build()).run();

    String stopped = folder.resolve("stopped").toString();
    int[] asked = {0};
    Training.of(plan.build()).directory(stopped).stopWhen(() -> asked[0]++ == 4).run();
    TrainedModel resumed = Training.resume(stopped).run();
    assertThat(resumed.outcome()).isEqualTo(Outcome.FINISHED);

    TrainedModel onSpark =
        Training.of(plan.set("run.engine", "spark").set("run.master", "local[2]").build())
            .directory(folder + "/on-spark")
            .run();

    for (TrainedModel other : List.of(resumed, onSpark)) {
      assertThat(state(other).parameters()).isEqualTo(state(alone).parameters());
      assertThat(other.test().orElseThrow().toJson())
          .isEqualTo(alone.test().orElseThrow().toJson());
    }
  }

  @Test
  void theModelKnowsThatTheColumnIsNoFeatureAndWeighsTheLossByIt() throws IOException {
    TrainedModel model = Training.of(plan(", weight: importance").build()).run();
    Path alone = Files.copy(folder.resolve("run/model.zip"), folder.resolve("model.zip"));

    var weighted =
        Evaluation.of(alone.toString()).data(folder + "/test.csv").master("local[1]").run();
    var all =
        Evaluation.of(alone.toString())
            .data("{csv: {path: %s/test.csv, label: side, features: [x, y]}}".formatted(folder))
            .master("local[1]")
            .run();

    assertThat(weighted.examples()).isEqualTo(120);
    assertThat(weighted.metric("accuracy")).isGreaterThan(0.9);
    assertThat(all.metric("accuracy")).isLessThan(0.8);
    assertThat(weighted.metric("loss")).isLessThan(all.metric("loss"));
    assertThat(model.evaluate(folder + "/plain.csv").metric("loss"))
        .isCloseTo(model.test().orElseThrow().metric("loss"), within(1e-6));
  }

  @Test
  void aColumnThatIsNotThereIsWrongInput() throws IOException {
    assertThatThrownBy(() -> Training.of(plan(", weight: nowhere").build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column 'nowhere'");
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
