package io.lockstep.model;

import io.lockstep.data.InputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;

/**
 * Whether a network that foretells the next token of a text makes a step of no later ones: they are
 * its labels, so it would learn to copy them and write nonsense.
 */
final class CausalCheck {
  private static final String WHY =
      "lets a step see the steps after it, but these are what a language model is to foretell";

  /** Layers and vertices of DL4J that look at a whole sequence, or go through it backwards. */
  private static final Set<String> WHOLE =
      Set.of(
          "Bidirectional",
          "GravesBidirectionalLSTM",
          "ReverseTimeSeries",
          "ReverseTimeSeriesVertex",
          "SelfAttentionLayer",
          "LearnedSelfAttentionLayer",
          "RecurrentAttentionLayer",
          "AttentionVertex",
          "LastTimeStep",
          "LastTimeStepVertex",
          "GlobalPoolingLayer");

  private CausalCheck() {}

  /**
   * Looks at a plan's own layers.
   *
   * @throws InputException naming the first layer that looks ahead, its line and the remedy
   */
  static void check(NetworkShapes shapes) {
    for (int i = 0; i < shapes.plan().layers().size() && shapes.input(i).isSequence(); i++) {
      Optional<String> remedy = shapes.layer(i).looksAhead();
      if (remedy.isPresent()) {
        throw shapes.problem(i, WHY + "; " + remedy.get());
      }
    }
  }

  /**
   * Looks at a network that was read from a file of DL4J.
   *
   * @throws InputException naming the file and the first layer that looks ahead
   */
  static void check(String path, NetworkConfiguration network) {
    List<NeuralNetConfiguration> layers = Dl4jSupport.layers(network);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i).getLayer();
      if (looksAhead(layer)) {
        throw refused(
            path, layer.getLayerName() == null ? "layer " + i : layer.getLayerName(), layer);
      }
    }
    if (network instanceof NetworkConfiguration.Graph graph) {
      for (Map.Entry<String, GraphVertex> each : graph.configuration().getVertices().entrySet()) {
        if (WHOLE.contains(each.getValue().getClass().getSimpleName())) {
          throw refused(path, each.getKey(), each.getValue());
        }
      }
    }
  }

  private static boolean looksAhead(Layer layer) {
    if (layer instanceof Convolution1DLayer convolution) {
      return convolution.getKernelSize()[0] > 1
          && convolution.getConvolutionMode() != ConvolutionMode.Causal;
    }
    Layer inner = Dl4jSupport.inner(layer);
    return layer instanceof Subsampling1DLayer
        || WHOLE.contains(layer.getClass().getSimpleName())
        || (inner != null && looksAhead(inner));
  }

  private static InputException refused(String path, String name, Object layer) {
    return new InputException(
        "%s: %s (%s) %s; take recurrent layers that go forwards, or causal convolutions"
            .formatted(path, name, layer.getClass().getSimpleName(), WHY));
  }
}
