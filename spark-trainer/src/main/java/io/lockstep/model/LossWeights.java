package io.lockstep.model;

import io.lockstep.compute.WeightedLoss;
import io.lockstep.data.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;

/**
 * Puts the weights of a minibatch's examples into the loss of a network for as long as the
 * minibatch is computed. Before and after that the configuration is DL4J's own, and so is what is
 * written of it.
 *
 * <p>Not thread-safe.
 */
public final class LossWeights {
  private final ILossFunction loss;
  private final Consumer<ILossFunction> setter;

  private LossWeights(ILossFunction loss, Consumer<ILossFunction> setter) {
    this.loss = loss;
    this.setter = setter;
  }

  /**
   * Makes sure that a network can be trained on examples with weights.
   *
   * @throws InputException if it cannot; names layer and loss
   */
  public static void check(NetworkConfiguration network) {
    last(network).forEach(LossWeights::of);
  }

  /** The loss of each output, where it is one that weights have a place in. */
  static List<Optional<ILossFunction>> functions(NetworkConfiguration network) {
    List<Optional<ILossFunction>> functions = new ArrayList<>();
    for (Layer last : last(network)) {
      functions.add(Optional.ofNullable(placeIn(last)).map(place -> place.loss));
    }
    return functions;
  }

  /** The layer of each output, null where there is none. */
  private static List<Layer> last(NetworkConfiguration network) {
    if (network instanceof NetworkConfiguration.MultiLayer stack) {
      var layers = stack.configuration().getConfs();
      return List.of(layers.get(layers.size() - 1).getLayer());
    }
    var graph = ((NetworkConfiguration.Graph) network).configuration();
    List<Layer> last = new ArrayList<>();
    for (String output : graph.getNetworkOutputs()) {
      NeuralNetConfiguration layer = Dl4jSupport.layer(graph.getVertices().get(output));
      last.add(layer == null ? null : layer.getLayer());
    }
    return last;
  }

  /**
   * The weights' place in the layer that has the loss.
   *
   * @throws InputException if the layer has a loss that is no weighted sum over examples
   */
  static LossWeights of(Layer last) {
    LossWeights weights = placeIn(last);
    if (weights == null || weights.loss instanceof LossFMeasure) {
      throw new InputException(
          "examples with weights need a network that ends in OutputLayer, RnnOutputLayer, LossLayer"
              + " or RnnLossLayer with a loss that is a sum over examples, but this one ends in %s%s"
                  .formatted(
                      last == null ? "no layer" : last.getClass().getSimpleName(),
                      weights == null ? "" : " with " + weights.loss));
    }
    return weights;
  }

  /** Exactly these: a subclass may have a loss beside that function. */
  private static LossWeights placeIn(Layer last) {
    if (last == null) {
      return null;
    }
    if (last.getClass() == OutputLayer.class || last.getClass() == RnnOutputLayer.class) {
      BaseOutputLayer layer = (BaseOutputLayer) last;
      return new LossWeights(layer.getLossFn(), layer::setLossFn);
    }
    if (last.getClass() == LossLayer.class) {
      LossLayer layer = (LossLayer) last;
      return new LossWeights(layer.getLossFn(), layer::setLossFn);
    }
    if (last.getClass() == RnnLossLayer.class) {
      RnnLossLayer layer = (RnnLossLayer) last;
      return new LossWeights(layer.getLossFn(), layer::setLossFn);
    }
    return null;
  }

  /** Does {@code work} with these weights, {@code [batch]}, in the loss of each of the layers. */
  static <T> T with(List<Layer> last, float[] weights, Supplier<T> work) {
    Supplier<T> all = work;
    for (Layer layer : last) {
      LossWeights place = of(layer);
      Supplier<T> inner = all;
      all = () -> place.with(weights, inner);
    }
    return all.get();
  }

  /** Does {@code work} with these weights, {@code [batch]}. */
  <T> T with(float[] weights, Supplier<T> work) {
    setter.accept(new WeightedLoss(loss, weights));
    try {
      return work.get();
    } finally {
      setter.accept(loss);
    }
  }
}
