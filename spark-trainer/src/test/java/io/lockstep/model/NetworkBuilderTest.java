package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Labels;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

class NetworkBuilderTest {
  static final int[] MNIST = {1, 28, 28};

  private static MultiLayerNetwork mnist(String layers) {
    return network(layers, MNIST, Labels.Classes.numbered(10), "categoricalCrossentropy");
  }

  static MultiLayerNetwork network(String layers, int[] shape, Labels labels, String loss) {
    var configuration =
        (NetworkConfiguration.MultiLayer) configuration(layers, shape, labels, loss);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration.configuration());
    network.init();
    return network;
  }

  static NetworkConfiguration configuration(
      String layers, int[] shape, Labels labels, String loss) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          loss: %s
          layers:
        %s
        """
            .formatted(loss, layers.indent(4).stripTrailing());
    ResolvedPlan plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    return NetworkBuilder.build(
        (ModelPlan.Layered) plan.plan().model(),
        NetworkInput.fixed(shape),
        labels,
        7,
        plan.origins());
  }

  @Test
  void buildsTheSeedConvolutionalNetworkWithKerasParameterCount() {
    MultiLayerNetwork network =
        mnist(
            """
            - conv2d: {filters: 32, kernel: 3, activation: relu}
            - maxPooling2d: 2
            - flatten
            - dense: {units: 128, activation: relu}
            - dense: {units: 10, activation: softmax}
            """);
    assertThat(network.numParams()).isEqualTo(693_962);
  }
}
