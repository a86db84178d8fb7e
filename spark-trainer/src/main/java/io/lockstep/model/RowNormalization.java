package io.lockstep.model;

import io.lockstep.config.Origins;
import io.lockstep.data.Labels;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Batch normalisation of rows of numbers, of which one alone has no deviation. */
public final class RowNormalization {
  private RowNormalization() {}

  /**
   * Whether the network of {@code plan} has it; images have many values of a channel in one
   * example.
   *
   * @param plan with its DL4J file, if it names one, {@linkplain NetworkBuilder#embed embedded}
   * @param given what an example consists of, which fits the network
   */
  public static boolean isIn(Plan plan, NetworkInput given, Labels labels) {
    if (plan.model() instanceof ModelPlan.Layered layered) {
      NetworkShapes shapes = NetworkShapes.of(layered, given, labels, Origins.NONE);
      return IntStream.range(0, layered.layers().size())
          .anyMatch(
              i ->
                  shapes.layer(i).word().equals("batchNormalization")
                      && shapes.input(i) instanceof Row);
    }
    NetworkConfiguration network =
        NetworkBuilder.build(plan.model(), given, labels, plan.seed(), Origins.NONE);
    return network instanceof NetworkConfiguration.Graph graph
        ? isIn(graph, GraphPorts.of(given, labels).inputTypes(graph.configuration()))
        : isIn(
            ((NetworkConfiguration.MultiLayer) network).configuration(),
            NetworkBuilder.inputType(given.features()));
  }

  private static boolean isIn(MultiLayerConfiguration network, InputType input) {
    InputType type = input;
    for (int i = 0; i < network.getConfs().size(); i++) {
      Layer layer = network.getConf(i).getLayer();
      InputPreProcessor before = network.getInputPreProcess(i);
      type = before == null ? type : before.getOutputType(type);
      if (isOne(layer, type)) {
        return true;
      }
      type = layer.getOutputType(i, type);
    }
    return false;
  }

  private static boolean isIn(NetworkConfiguration.Graph network, InputType... inputs) {
    var types = network.configuration().getLayerActivationTypes(inputs);
    return network.configuration().getVertices().entrySet().stream()
        .anyMatch(
            vertex ->
                vertex.getValue() instanceof LayerVertex layer
                    && isOne(layer.getLayerConf().getLayer(), types.get(vertex.getKey())));
  }

  private static boolean isOne(Layer layer, InputType type) {
    return layer instanceof BatchNormalization && type instanceof InputType.InputTypeFeedForward;
  }
}
