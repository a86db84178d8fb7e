package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.plan.TrainingPlan.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.stepfunctions.NegativeDefaultStepFunction;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What DL4J can be told in a file and Lockstep does not train as it was meant; each is refused by
 * name, because most of it would train something else without a word.
 */
final class Dl4jSupport {
  private final String path;

  private Dl4jSupport(String path) {
    this.path = path;
  }

  /**
   * Checks all that does not hang on the mode of training.
   *
   * @param path to name in messages
   * @throws InputException if the network cannot be trained
   */
  static void check(String path, NetworkConfiguration network) {
    var support = new Dl4jSupport(path);
    if (network instanceof NetworkConfiguration.Graph graph) {
      support.graph(graph.configuration());
    } else {
      support.multiLayer(((NetworkConfiguration.MultiLayer) network).configuration());
    }
    layers(network).forEach(support::layer);
    FrozenLayers.check(path, network);
  }

  /** As {@link #check(String, NetworkConfiguration)}, for training in {@code mode}. */
  static void check(String path, NetworkConfiguration network, Mode mode) {
    check(path, network);
    boolean sums = layers(network).stream().anyMatch(layer -> !layer.isMiniBatch());
    if (sums && mode == Mode.GRADIENT) {
      throw new InputException(
          path
              + " has miniBatch(false), which adds up the gradients of a minibatch instead of"
              + " averaging them; training.mode: gradient merges averages. Write it with"
              + " miniBatch(true), or take training.mode: averaging");
    }
  }

  /** The configuration of each layer, in the order of the file. */
  static List<NeuralNetConfiguration> layers(NetworkConfiguration network) {
    if (network instanceof NetworkConfiguration.MultiLayer stack) {
      return stack.configuration().getConfs();
    }
    List<NeuralNetConfiguration> layers = new ArrayList<>();
    Map<String, GraphVertex> vertices =
        ((NetworkConfiguration.Graph) network).configuration().getVertices();
    for (GraphVertex vertex : vertices.values()) {
      NeuralNetConfiguration layer = layer(vertex);
      if (layer != null) {
        layers.add(layer);
      }
    }
    return layers;
  }

  /** The layer of a vertex, also of a frozen one; null if it has none. */
  static NeuralNetConfiguration layer(GraphVertex vertex) {
    GraphVertex inner = vertex instanceof FrozenVertex frozen ? frozen.getUnderlying() : vertex;
    return inner instanceof LayerVertex layer ? layer.getLayerConf() : null;
  }

  /** The layer that a layer holds, one of the two of a bidirectional one; null if it holds none. */
  static Layer inner(Layer layer) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      return wrapper.getUnderlying();
    }
    if (layer instanceof Bidirectional both) {
      return both.getFwd();
    }
    return layer instanceof FrozenLayer frozen ? frozen.getLayer() : null;
  }

  private void multiLayer(MultiLayerConfiguration network) {
    type(network.getDataType());
    backprop(network.getBackpropType());
    if (network.getConfs().isEmpty()) {
      throw new InputException(path + " has no layers");
    }
  }

  private void graph(ComputationGraphConfiguration network) {
    type(network.getDataType());
    backprop(network.getBackpropType());
  }

  private void type(DataType type) {
    if (type != DataType.FLOAT) {
      throw new InputException(
          path + " computes in " + type + "; write it with dataType(DataType.FLOAT)");
    }
  }

  private void backprop(BackpropType type) {
    if (type == BackpropType.TruncatedBPTT) {
      throw new InputException(
          path
              + " has backpropType TruncatedBPTT, which takes several optimizer steps of each"
              + " minibatch and trains nothing where features are no sequences; a step of Lockstep"
              + " is one minibatch. Write it with BackpropType.Standard, and cut long sequences"
              + " into shorter ones");
    }
  }

  private void layer(NeuralNetConfiguration layer) {
    OptimizationAlgorithm algorithm = layer.getOptimizationAlgo();
    if (algorithm != null && algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
      throw new InputException(
          "%s has optimizationAlgo %s, which searches along lines instead of taking one step per minibatch; write it with STOCHASTIC_GRADIENT_DESCENT and an updater such as Adam"
              .formatted(path, algorithm));
    }
    if (layer.getStepFunction() != null
        && !(layer.getStepFunction() instanceof NegativeDefaultStepFunction)) {
      throw new InputException(
          "%s has the stepFunction %s; write it without one"
              .formatted(path, layer.getStepFunction().getClass().getSimpleName()));
    }
    if (layer.getLayer() instanceof RnnOutputLayer steps && steps.getRnnDataFormat() == null) {
      throw new InputException(
          path
              + " has an RnnOutputLayer that does not know where the time steps are, and fails in"
              + " DL4J; write it with setInputType (of a graph: setInputTypes), which tells it");
    }
    if (!layer.isMinimize()) {
      throw new InputException(
          path
              + " has minimize(false), which DL4J overlooks: it would make the loss smaller. Write"
              + " it with minimize(true) and a loss that shall become small");
    }
  }
}
