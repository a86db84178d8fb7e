package io.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.source.idx.EmbeddedSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
  private static final String YAML =
      """
      name: digits
      seed: 7
      data:
        train: {embedded: mnist-10k}
        test: {embedded: mnist-10k}
        validation: 0.1
        normalize: scale
      model:
        layers:
          - flatten
          - dense: {units: 32, activation: relu}
          - dense: {units: 10, activation: softmax}
        loss: categoricalCrossentropy
        optimizer: {adam: {learningRate: 0.002}}
      training:
        {mode: averaging, replicas: 4, batch: 16, localSteps: 10, epochs: 3,
         earlyStopping: {patience: 2}}
      run: {directory: "runs/my digits"}
      """;

  private static PlanBuilder builder() {
    return PlanBuilder.named("digits")
        .seed(7)
        .train("embedded: mnist-10k")
        .test(new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TEST))
        .validation(0.1)
        .normalize(DataPlan.Normalization.SCALE)
        .layers(
            "flatten",
            "dense: {units: 32, activation: relu}",
            "dense: {units: 10, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.002}")
        .mode(TrainingPlan.Mode.AVERAGING)
        .replicas(4)
        .batch(16)
        .localSteps(10)
        .epochs(3)
        .set("training.earlyStopping", "{patience: 2}")
        .directory("runs/my digits");
  }

  @Test
  void aBuiltPlanIsTheOneOfTheFile() {
    Plan file = PlanParser.parse(YAML, "plan.yaml", List.of());

    assertThat(builder().build()).isEqualTo(file);
    assertThat(PlanFingerprint.of(builder().build())).isEqualTo(PlanFingerprint.of(file));
  }

  @Test
  void whatIsNotSetHasTheDefaultOfTheFile() {
    Plan file =
        PlanParser.parse(
            """
            name: small
            data: {train: {embedded: mnist-10k}}
            model: {layers: [{dense: 10}], loss: mse}
            """,
            "plan.yaml",
            List.of());

    assertThat(
            PlanBuilder.named("small")
                .train("{embedded: mnist-10k}")
                .layers("dense: 10")
                .loss("mse")
                .build())
        .isEqualTo(file);
  }

  @Test
  void nothingIsNotADefault() {
    assertThatThrownBy(() -> builder().set("training.epochs", "").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training.epochs is set to nothing");
  }

  @Test
  void allProblemsAreToldAtOnceInTheWordsOfAFile() {
    PlanBuilder wrong =
        builder()
            .replicas(0)
            .optimizer("adamm")
            .set("training.epoch", 3)
            .layers("dense: {unit: 3}");

    assertThatThrownBy(wrong::build)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training.replicas must be an integer, from 1 to 4096, but is 0")
        .hasMessageContaining("did you mean adam?")
        .hasMessageContaining("epochs")
        .hasMessageContaining("units");
  }

  @Test
  void brokenPiecesOfYamlAreNamed() {
    assertThatThrownBy(() -> builder().loss("{a: ").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not YAML");
  }
}
