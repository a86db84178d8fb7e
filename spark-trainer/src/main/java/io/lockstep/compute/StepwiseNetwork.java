package io.lockstep.compute;

import io.lockstep.layers.GRU;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * A trained network of tokens that reads one sequence token by token, as fast as its weights come
 * out of memory: they are laid out once, the state stays where it is, and ND4J has no part in it,
 * so that a program which does nothing else need not load its natives.
 *
 * <p>The bits are those of the kernels that train: every element of every product is the same chain
 * of multiply-adds, whether the lanes of a vector are examples, as in training, or units, as here.
 *
 * <p>An embedding, any number of {@code LSTM}, {@code GRU} and {@code SimpleRnn}, dropouts (which
 * do nothing to a trained network), and a softmax for each step; see {@link #of}. Not thread-safe.
 */
public final class StepwiseNetwork {
  private final StepwiseEmbedding embedding;
  private final List<StepwiseLayer> layers;
  private final StepwiseSoftmax softmax;
  private float[] top;

  private StepwiseNetwork(
      StepwiseEmbedding embedding, List<StepwiseLayer> layers, StepwiseSoftmax softmax) {
    this.embedding = embedding;
    this.layers = layers;
    this.softmax = softmax;
  }

  /**
   * The network of a configuration.
   *
   * @param parameters all of its parameters, as DL4J orders them
   * @return empty if the kernels do not compute all of its layers, or if one cannot go step by step
   */
  public static Optional<StepwiseNetwork> of(MultiLayerConfiguration network, float[] parameters) {
    List<Layer> found = network.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    int last = found.size() - 1;
    boolean covered =
        Coverage.whyNotOnLanes(network.getDataType()).isEmpty()
            && network.getInputPreProcessors().values().stream().allMatch(StepwiseNetwork::isLayout)
            && last > 0
            && isEmbedding(found.get(0))
            && found.subList(1, last).stream().allMatch(StepwiseNetwork::isBetween)
            && isSoftmax(found.get(last));
    return covered ? Optional.of(read(found, parameters)) : Optional.empty();
  }

  /** What comes before and after a dropout: it says how a minibatch lies, and changes no value. */
  private static boolean isLayout(InputPreProcessor preprocessor) {
    return preprocessor instanceof RnnToFeedForwardPreProcessor
        || preprocessor instanceof FeedForwardToRnnPreProcessor;
  }

  private static boolean isEmbedding(Layer layer) {
    return layer instanceof EmbeddingSequenceLayer it
        && it.isInferInputLength()
        && isPlain(it)
        && it.getActivationFn() instanceof ActivationIdentity;
  }

  private static boolean isBetween(Layer layer) {
    if (layer instanceof DropoutLayer) {
      return true;
    }
    return layer instanceof BaseLayer weighted
        && isPlain(weighted)
        && ((layer.getClass() == LSTM.class && LstmKernel.uncovered((LSTM) layer).isEmpty())
            || (layer instanceof GRU gru && GruKernel.uncovered(gru).isEmpty())
            || (layer instanceof SimpleRnn rnn && SimpleRnnKernel.uncovered(rnn).isEmpty()));
  }

  private static boolean isSoftmax(Layer layer) {
    return layer instanceof RnnOutputLayer it && RnnOutputKernel.uncovered(it).isEmpty();
  }

  private static boolean isPlain(BaseLayer layer) {
    return layer.getWeightNoise() == null;
  }

  private static StepwiseNetwork read(List<Layer> found, float[] parameters) {
    var flat = new FlatParameters(parameters, 0);
    int last = found.size() - 1;
    var embedding = new StepwiseEmbedding((EmbeddingSequenceLayer) found.get(0), flat);
    List<StepwiseLayer> layers = new ArrayList<>();
    for (Layer layer : found.subList(1, last)) {
      if (layer instanceof LSTM lstm) {
        layers.add(new StepwiseLstm(lstm, flat));
      } else if (layer instanceof GRU gru) {
        layers.add(new StepwiseGru(gru, flat));
      } else if (layer instanceof SimpleRnn rnn) {
        layers.add(new StepwiseRnn(rnn, flat));
      }
    }
    var softmax = new StepwiseSoftmax((RnnOutputLayer) found.get(last), flat);
    if (flat.position() != parameters.length) {
      throw new IllegalArgumentException(
          "%d parameters, but the layers have %d".formatted(parameters.length, flat.position()));
    }
    return new StepwiseNetwork(embedding, layers, softmax);
  }

  /**
   * Reads on.
   *
   * @param token id, below the size of the vocabulary
   */
  public void read(int token) {
    top = embedding.of(token);
    for (StepwiseLayer layer : layers) {
      top = layer.step(top);
    }
  }

  /**
   * How likely each token is to come next; at least one has been read.
   *
   * @return {@code [vocabulary]}
   */
  public float[] probabilities() {
    float[] probabilities = new float[softmax.units()];
    softmax.probabilities(top, probabilities);
    return probabilities;
  }

  /** Begins anew, as if nothing had been read. */
  public void forget() {
    layers.forEach(StepwiseLayer::forget);
  }
}
