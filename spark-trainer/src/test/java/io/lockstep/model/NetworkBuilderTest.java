package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Labels;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** The very network that the number would have made, whatever ends it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense: {units: 3, activation: softmax} | 3 | categoricalCrossentropy",
        "dense: {units: 1, activation: sigmoid} | 2 | binaryCrossentropy",
        "dense: {units: 2, activation: softmax} | 2 | categoricalCrossentropy",
        "dense: {units: 4}; activation: softmax | 4 | categoricalCrossentropy"
      })
  void theLastLayerCanLeaveItsUnitsToTheData(String layer, int classes, String loss) {
    String layers = "- dense: 5\n- " + layer.replace("; ", "\n- ");
    var labels = Labels.Classes.numbered(classes);
    MultiLayerNetwork told = network(layers, new int[] {6}, labels, loss);
    String without = layers.replaceFirst("units: \\d(, )?", "");
    assertThat(without).doesNotContain("units");
    MultiLayerNetwork left = network(without, new int[] {6}, labels, loss);
    assertThat(left.getLayerWiseConfigurations().toJson())
        .isEqualTo(told.getLayerWiseConfigurations().toJson());
    assertThat(left.params()).isEqualTo(told.params());
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
