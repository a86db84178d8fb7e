package io.lockstep.model;

import io.lockstep.data.InputException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/**
 * Whether DL4J does with frozen layers what one who freezes them expects.
 *
 * <p>Its backpropagation ends at a FrozenLayer or FrozenVertex, so what lies below and is not
 * frozen itself learns nothing, in silence; and the weights in a FrozenLayerWithBackprop are pulled
 * towards zero by penalties, because the optimizer asks the layer inside.
 */
final class FrozenLayers {
  private final String path;

  private FrozenLayers(String path) {
    this.path = path;
  }

  /**
   * @param path to name in messages
   * @throws InputException if something else would be trained than the file seems to say
   */
  static void check(String path, NetworkConfiguration network) {
    var check = new FrozenLayers(path);
    if (network instanceof NetworkConfiguration.Graph graph) {
      check.graph(graph.configuration());
    } else {
      check.stack(((NetworkConfiguration.MultiLayer) network).configuration().getConfs());
    }
    Dl4jSupport.layers(network).forEach(conf -> check.penalties(conf.getLayer()));
  }

  private void stack(List<NeuralNetConfiguration> confs) {
    int frozen = confs.size() - 1;
    while (frozen >= 0 && !(confs.get(frozen).getLayer() instanceof FrozenLayer)) {
      frozen--;
    }
    for (int i = 0; i < frozen; i++) {
      if (learns(confs.get(i).getLayer())) {
        throw below(
            "layer " + i + " (" + confs.get(i).getLayer().getClass().getSimpleName() + ")",
            "layer " + frozen);
      }
    }
  }

  private void graph(ComputationGraphConfiguration graph) {
    Map<String, GraphVertex> vertices = graph.getVertices();
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(graph.getNetworkOutputs());
    String frozen = null;
    while (!open.isEmpty()) {
      String name = open.remove();
      GraphVertex vertex = vertices.get(name);
      if (vertex == null || !reached.add(name)) {
        continue; // an input, or seen
      }
      if (endsBackpropagation(vertex)) {
        frozen = name;
      } else {
        open.addAll(graph.getVertexInputs().getOrDefault(name, List.of()));
      }
    }
    for (Map.Entry<String, GraphVertex> entry : vertices.entrySet()) {
      NeuralNetConfiguration layer = Dl4jSupport.layer(entry.getValue());
      if (frozen != null
          && !reached.contains(entry.getKey())
          && !endsBackpropagation(entry.getValue())
          && layer != null
          && learns(layer.getLayer())) {
        throw below("vertex " + entry.getKey(), "vertex " + frozen);
      }
    }
  }

  private static boolean endsBackpropagation(GraphVertex vertex) {
    NeuralNetConfiguration layer = Dl4jSupport.layer(vertex);
    return vertex instanceof FrozenVertex
        || (layer != null && layer.getLayer() instanceof FrozenLayer);
  }

  private static boolean learns(Layer layer) {
    return !(layer instanceof FrozenLayer)
        && !(layer instanceof FrozenLayerWithBackprop)
        && !layer.initializer().paramKeys(layer).isEmpty();
  }

  private InputException below(String layer, String frozen) {
    return new InputException(
        "%s: %s lies below %s, which is frozen; DL4J's backpropagation ends there, so it would not learn. Freeze it too, or take FrozenLayerWithBackprop above it"
            .formatted(path, layer, frozen));
  }

  private void penalties(Layer layer) {
    if (layer instanceof FrozenLayerWithBackprop frozen
        && frozen.getUnderlying() instanceof BaseLayer inner
        && !(isEmpty(inner.getRegularization()) && isEmpty(inner.getRegularizationBias()))) {
      throw new InputException(
          "%s: the %s in a FrozenLayerWithBackprop has l1, l2 or weightDecay, by which DL4J changes its weights although they are frozen. Write it without them"
              .formatted(path, inner.getClass().getSimpleName()));
    }
  }

  private static boolean isEmpty(List<?> list) {
    return list == null || list.isEmpty();
  }
}
