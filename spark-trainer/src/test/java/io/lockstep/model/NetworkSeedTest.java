package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Labels;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.ps.TrainingState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J takes the clock where it is given 0; nothing of ours may give it that. */
class NetworkSeedTest {
  private static final Minibatch BATCH =
      DenseBatch.of(2, new float[] {1, 2, 3, -1, 0, 1}, 3, new float[] {1, 0, 0, 1}, 2);

  @Test
  void onlyZeroIsReplaced() {
    assertThat(NetworkSeed.of(0)).isNotZero();
    assertThat(NetworkSeed.of(1)).isEqualTo(1);
    assertThat(NetworkSeed.of(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aPlanWithSeedZeroHasRepeatableWeights() {
    assertThat(start(blueprint(0)).sameBits(start(blueprint(0)))).isTrue();
    assertThat(Nd4j.getRandom().getSeed()).as("what ND4J was seeded with").isNotZero();
    assertThat(start(blueprint(1)).sameBits(start(blueprint(0)))).isFalse();
  }

  @Test
  void aStepWithSeedZeroDropsTheSameUnitsAgain() {
    TrainingState start = start(blueprint(1));
    assertThat(step(start).sameBits(step(start))).isTrue();
    assertThat(Nd4j.getRandom().getSeed()).as("what ND4J was seeded with").isNotZero();
  }

  @Test
  void aGradientWithSeedZeroDropsTheSameUnitsAgain() {
    TrainingState start = start(blueprint(1));
    assertThat(gradient(start)).isEqualTo(gradient(start));
    assertThat(Nd4j.getRandom().getSeed()).as("what ND4J was seeded with").isNotZero();
  }

  private static TrainingState start(Blueprint networks) {
    try (Replica network = networks.create()) {
      return network.state();
    }
  }

  private static TrainingState step(TrainingState start) {
    try (Replica network = blueprint(1).create()) {
      network.load(start);
      network.fit(BATCH, 0);
      return network.state();
    }
  }

  private static float[] gradient(TrainingState start) {
    try (Replica network = blueprint(1).create()) {
      network.load(start);
      float[] gradient = new float[network.parameters()];
      network.gradient(BATCH, 0, gradient);
      return gradient;
    }
  }

  private static Blueprint blueprint(long seed) {
    ResolvedPlan plan =
        PlanParser.resolve(
            """
            data: {train: {embedded: mnist-10k}}
            model:
              loss: categoricalCrossentropy
              layers:
                - dense: {units: 64, activation: tanh}
                - dropout: 0.5
                - dense: {units: 2, activation: softmax}
            """,
            "plan.yaml",
            List.of());
    NetworkConfiguration network =
        NetworkBuilder.build(
            (ModelPlan.Layered) plan.plan().model(),
            NetworkInput.fixed(3),
            Labels.Classes.numbered(2),
            seed,
            plan.origins());
    return Blueprint.of(network, new ComputePlan(ComputePlan.Kernels.AUTO, 1));
  }
}
