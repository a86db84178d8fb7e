package io.lockstep.compute;

import io.lockstep.data.order.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BidirectionalParamInitializer;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Initialises networks, a pure function of their seeds. In place of DL4J's {@code init()}, which
 * kills the JVM where weights are to be orthogonal and the matrix is not square, as those of an
 * LSTM are not (a fault in libnd4j's singular value decomposition). The configuration stays as it
 * is.
 *
 * <p>Not thread-safe for one network.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /** Initialises {@code network}. */
  public static void init(MultiLayerNetwork network) {
    List<NeuralNetConfiguration> layers = network.getLayerWiseConfigurations().getConfs();
    List<Drawn> drawn = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      collect(layers.get(i).getLayer(), i, "", layers.get(i).getSeed(), drawn);
    }
    init(drawn, network::init, i -> network.getLayer(i).paramTable(false));
  }

  /** Initialises {@code graph}. */
  public static void init(ComputationGraph graph) {
    List<String> names = new ArrayList<>();
    List<Drawn> drawn = new ArrayList<>();
    graph
        .getConfiguration()
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer) {
                NeuralNetConfiguration conf = layer.getLayerConf();
                collect(conf.getLayer(), names.size(), "", conf.getSeed(), drawn);
                names.add(name);
              }
            });
    init(drawn, graph::init, i -> graph.getVertex(names.get(i)).getLayer().paramTable(false));
  }

  private interface Parameters {
    java.util.Map<String, INDArray> of(int layer);
  }

  private static void init(List<Drawn> drawn, Runnable init, Parameters parameters) {
    drawn.forEach(it -> it.place.put(new WeightInitConstant(0)));
    try {
      init.run();
    } finally {
      drawn.forEach(it -> it.place.put(it.original));
    }
    for (Drawn each : drawn) {
      for (String key : each.keys) {
        fill(parameters.of(each.layer).get(each.prefix + key), each, key);
      }
    }
  }

  private static void fill(INDArray weights, Drawn drawn, String key) {
    int rows = Math.toIntExact(weights.size(0));
    int columns = Math.toIntExact(weights.length() / rows);
    String name = drawn.prefix + key;
    long seed = Seeds.derive(Seeds.Purpose.WEIGHTS, drawn.seed, drawn.layer, name.hashCode());
    float[] matrix = OrthogonalMatrix.draw(rows, columns, drawn.gain, seed);
    weights.assign(
        Nd4j.createFromArray(matrix).reshape('f', rows, columns).reshape('f', weights.shape()));
  }

  /** Where a layer says how its weights are drawn. */
  private interface Place {
    void put(IWeightInit init);
  }

  /**
   * Weights that are to be orthogonal.
   *
   * @param prefix of the keys, in one direction of two
   */
  private record Drawn(
      int layer,
      String prefix,
      List<String> keys,
      double gain,
      long seed,
      IWeightInit original,
      Place place) {}

  private static void collect(
      Layer layer, int number, String prefix, long seed, List<Drawn> drawn) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      collect(wrapper.getUnderlying(), number, prefix, seed, drawn);
    } else if (layer instanceof FrozenLayer frozen) {
      collect(frozen.getLayer(), number, prefix, seed, drawn);
    } else if (layer instanceof Bidirectional both) {
      collect(both.getFwd(), number, BidirectionalParamInitializer.FORWARD_PREFIX, seed, drawn);
      collect(both.getBwd(), number, BidirectionalParamInitializer.BACKWARD_PREFIX, seed, drawn);
    } else if (layer instanceof BaseLayer learned) {
      learned(learned, number, prefix, seed, drawn);
    }
  }

  private static void learned(
      BaseLayer layer, int number, String prefix, long seed, List<Drawn> drawn) {
    List<String> inputs = new ArrayList<>(layer.initializer().weightKeys(layer));
    if (layer instanceof BaseRecurrentLayer recurrent
        && recurrent.getWeightInitFnRecurrent() != null) {
      List<String> fed = List.of(LSTMParamInitializer.RECURRENT_WEIGHT_KEY);
      inputs.removeAll(fed);
      IWeightInit init = recurrent.getWeightInitFnRecurrent();
      gain(init)
          .ifPresent(
              gain ->
                  drawn.add(
                      new Drawn(
                          number,
                          prefix,
                          fed,
                          gain,
                          seed,
                          init,
                          recurrent::setWeightInitFnRecurrent)));
    }
    IWeightInit init = layer.getWeightInitFn();
    gain(init)
        .ifPresent(
            gain ->
                drawn.add(
                    new Drawn(number, prefix, inputs, gain, seed, init, layer::setWeightInitFn)));
  }

  /** Factor of orthogonal weights; empty if they are drawn in another way. */
  private static Optional<Double> gain(IWeightInit init) {
    if (!(init instanceof WeightInitDistribution)) {
      return Optional.empty();
    }
    Distribution distribution = Reflection.read(init, WeightInitDistribution.class, "distribution");
    return distribution instanceof OrthogonalDistribution orthogonal
        ? Optional.of(orthogonal.getGain())
        : Optional.empty();
  }
}
