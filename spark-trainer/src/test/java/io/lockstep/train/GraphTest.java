package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.Blueprint;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;

/** A DL4J graph trains as the stack of layers that it is equal to, in both modes. */
class GraphTest {
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aGraphOfLayersTrainsAsTheirStack(Mode mode) {
    MultiLayerConfiguration stack = Nets.BATCH_NORMALIZATION.configuration(new Adam(0.01));
    // Clipping looks up the gradients of each layer by DL4J's names for them.
    stack
        .getConfs()
        .forEach(
            conf -> {
              if (conf.getLayer() instanceof org.deeplearning4j.nn.conf.layers.BaseLayer layer) {
                layer.setGradientNormalization(GradientNormalization.ClipL2PerParamType);
                layer.setGradientNormalizationThreshold(0.05);
              }
            });
    var network = new org.deeplearning4j.nn.multilayer.MultiLayerNetwork(stack);
    network.init();
    String graph = network.toComputationGraph().getConfiguration().toJson();
    int localSteps = mode == Mode.GRADIENT ? 1 : 2;

    var ofStack = new Blueprint(Blueprint.Kind.MULTI_LAYER, stack.toJson(), Kernels.STOCK, 1);
    var ofGraph = new Blueprint(Blueprint.Kind.GRAPH, graph, Kernels.STOCK, 1);
    TrainingState one = train(mode, localSteps, ofStack);
    TrainingState other = train(mode, localSteps, startingLike(ofStack, ofGraph));

    assertThat(other.step()).isEqualTo(one.step());
    assertThat(other.parameters()).hasSameSizeAs(one.parameters());
    for (int i = 0; i < one.parameters().length; i++) {
      assertThat(other.parameters()[i]).isCloseTo(one.parameters()[i], within(1e-5f));
    }
  }

  /** DL4J draws the weights of a graph in another order; so both begin with those of the stack. */
  private static ReplicaFactory startingLike(ReplicaFactory model, ReplicaFactory networks) {
    return () -> {
      Replica network = networks.create();
      try (Replica start = model.create()) {
        network.load(start.state());
      }
      return network;
    };
  }

  private static TrainingState train(Mode mode, int localSteps, ReplicaFactory networks) {
    return new Digits(60, 0, 2).trial(mode, 8, localSteps, networks).run(2);
  }
}
