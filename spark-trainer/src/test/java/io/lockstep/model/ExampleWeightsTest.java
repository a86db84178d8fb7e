package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.ps.TrainingState;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;

/**
 * The loss of a minibatch is {@code sum of w l / N}, whichever layer has it and whatever computes.
 */
class ExampleWeightsTest {
  private static final int CLASSES = 3;

  /** Networks that differ in how their examples are laid out when they meet the loss. */
  enum Net {
    SOFTMAX(false, false) {
      @Override
      Layer[] layers() {
        return new Layer[] {dense(), output(LossFunction.MCXENT, Activation.SOFTMAX)};
      }
    },
    SQUARES(false, false) {
      @Override
      Layer[] layers() {
        return new Layer[] {dense(), output(LossFunction.MSE, Activation.SIGMOID)};
      }
    },
    LOSS_ALONE(false, false) {
      @Override
      Layer[] layers() {
        return new Layer[] {
          new DenseLayer.Builder().nOut(CLASSES).activation(Activation.IDENTITY).build(),
          new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()
        };
      }
    },
    EVERY_STEP(true, true) {
      @Override
      Layer[] layers() {
        return new Layer[] {lstm(5), recurrent(LossFunction.MCXENT, Activation.SOFTMAX)};
      }
    },
    SQUARES_AT_EVERY_STEP(true, true) {
      @Override
      Layer[] layers() {
        return new Layer[] {lstm(5), recurrent(LossFunction.MSE, Activation.SIGMOID)};
      }
    },
    LOSS_ALONE_AT_EVERY_STEP(true, true) {
      @Override
      Layer[] layers() {
        return new Layer[] {
          lstm(CLASSES),
          new RnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()
        };
      }
    },
    LAST_STEP(true, false) {
      @Override
      Layer[] layers() {
        return new Layer[] {
          new LastTimeStep(lstm(5)), output(LossFunction.MCXENT, Activation.SOFTMAX)
        };
      }
    };

    private final boolean sequences;
    private final boolean everyStep;

    Net(boolean sequences, boolean everyStep) {
      this.sequences = sequences;
      this.everyStep = everyStep;
    }

    abstract Layer[] layers();

    MultiLayerConfiguration configuration() {
      return stack(sequences ? InputType.recurrent(3) : InputType.feedForward(3), layers());
    }

    Schema schema() {
      return new Schema(
          java.util.List.of(
              new Field("features", ElementType.FLOAT32, java.util.List.of(3), sequences)),
          java.util.List.of(new Field("class", ElementType.INT32, java.util.List.of(), everyStep)),
          true,
          false);
    }

    /** Examples made of their ids, with these weights; sequences are of different lengths. */
    Minibatch batch(long[] ids, float... weights) {
      var builder = new BlockBuilder(schema(), ids.length);
      for (int i = 0; i < ids.length; i++) {
        builder.begin(ids[i]);
        builder.weight(weights[i]);
        var random = new SplittableRandom(ids[i]);
        int steps = sequences ? 1 + (int) (ids[i] % 4) : 1;
        for (int value = 0; value < 3 * steps; value++) {
          builder.put(0, random.nextDouble() - 0.5);
        }
        for (int step = 0; step < (everyStep ? steps : 1); step++) {
          builder.put(1, random.nextInt(CLASSES));
        }
        builder.end();
      }
      Block block = builder.build();
      return new Batcher(block.schema(), new Normalizer.Identity())
          .assemble(block, 0, block.size());
    }
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build();
  }

  private static LSTM lstm(int units) {
    return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static OutputLayer output(LossFunction loss, Activation activation) {
    return new OutputLayer.Builder(loss).nOut(CLASSES).activation(activation).build();
  }

  private static RnnOutputLayer recurrent(LossFunction loss, Activation activation) {
    return new RnnOutputLayer.Builder(loss).nOut(CLASSES).activation(activation).build();
  }

  private static MultiLayerConfiguration stack(InputType input, Layer... layers) {
    var list = new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.setInputType(input).build();
  }

  /** Each network as a stack and as a graph, with and without kernels. */
  static Stream<Arguments> networks() {
    return Stream.of(Net.values())
        .flatMap(
            net ->
                Stream.of(Kernels.values())
                    .flatMap(
                        kernels ->
                            Stream.of(Blueprint.Kind.values())
                                .map(kind -> Arguments.of(net, kernels, kind))));
  }

  private static NetworkReplica replica(Net net, Kernels kernels, Blueprint.Kind kind) {
    String json = net.configuration().toJson();
    if (kind == Blueprint.Kind.GRAPH) {
      var network = new MultiLayerNetwork(net.configuration());
      network.init();
      json = network.toComputationGraph().getConfiguration().toJson();
    }
    NetworkReplica replica = (NetworkReplica) new Blueprint(kind, json, kernels, 1).create();
    // Graphs made of stacks have no seed; so all begin with weights of the test's own.
    float[] start = replica.state().parameters();
    var random = new SplittableRandom(9);
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) (random.nextDouble() - 0.5);
    }
    replica.load(new TrainingState(start, new float[0], 0, 0));
    return replica;
  }

  /** A gradient and the loss it is of, both times the number of examples: sums, not means. */
  @SuppressWarnings("ArrayRecordComponent") // compared value by value
  private record Sum(float[] gradient, double loss) {
    static Sum of(NetworkReplica network, Minibatch batch) {
      float[] gradient = new float[network.parameters()];
      double loss = network.gradient(batch, 1, gradient);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= batch.size();
      }
      return new Sum(gradient, loss * batch.size());
    }

    void isCloseTo(Sum other) {
      assertThat(loss).isCloseTo(other.loss, within(1e-5 * other.loss));
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < gradient.length; i++) {
        difference += Math.pow((double) gradient[i] - other.gradient[i], 2);
        norm += Math.pow(other.gradient[i], 2);
      }
      assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
    }
  }

  private static long[] ids(long... ids) {
    return ids;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aWeightOf2IsTheExampleTwice(Net net, Kernels kernels, Blueprint.Kind kind) {
    try (NetworkReplica network = replica(net, kernels, kind)) {
      Sum.of(network, net.batch(ids(5, 6, 8, 11), 1, 2, 1, 3))
          .isCloseTo(Sum.of(network, net.batch(ids(11, 5, 6, 6, 8, 11, 11), 1, 1, 1, 1, 1, 1, 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aWeightOf0LeavesTheExampleOut(Net net, Kernels kernels, Blueprint.Kind kind) {
    try (NetworkReplica network = replica(net, kernels, kind)) {
      Sum.of(network, net.batch(ids(5, 6, 7, 9), 1, 0, 0.5f, 1))
          .isCloseTo(Sum.of(network, net.batch(ids(5, 7, 9), 1, 0.5f, 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void weightsOf1AreTheVeryBitsOfNone(Net net, Kernels kernels, Blueprint.Kind kind) {
    Minibatch weighted = net.batch(ids(1, 2, 3, 4), 1, 1, 1, 1);
    var plain = new Minibatch(weighted.size(), weighted.inputs(), weighted.labels(), null);
    try (NetworkReplica one = replica(net, kernels, kind);
        NetworkReplica other = replica(net, kernels, kind)) {
      assertThat(one.fit(weighted, 1)).isEqualTo(other.fit(plain, 1));
      assertThat(one.state()).usingRecursiveComparison().isEqualTo(other.state());
      assertThat(one.evaluate(weighted).loss()).isEqualTo(other.evaluate(plain).loss());
    }
  }

  /** The derivative along the gradient is the gradient's squared norm. */
  @ParameterizedTest
  @MethodSource("networks")
  void theGradientIsThatOfTheWeightedLoss(Net net, Kernels kernels, Blueprint.Kind kind) {
    Minibatch batch = net.batch(ids(1, 2, 3, 4, 7), 0.25f, 3, 0, 1, 1.5f);
    try (NetworkReplica network = replica(net, kernels, kind)) {
      float[] gradient = new float[network.parameters()];
      network.gradient(batch, 1, gradient);
      double norm = 0;
      for (float value : gradient) {
        norm += (double) value * value;
      }
      double step = 0.01 / Math.sqrt(norm);
      TrainingState start = network.state();
      double difference =
          lossAt(network, start, gradient, step, batch)
              - lossAt(network, start, gradient, -step, batch);
      assertThat(difference / (2 * step)).isCloseTo(norm, within(0.01 * norm));
    }
  }

  private static double lossAt(
      NetworkReplica network, TrainingState from, float[] gradient, double step, Minibatch batch) {
    float[] parameters = from.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (step * gradient[i]);
    }
    network.load(new TrainingState(parameters, new float[0], 0, 0));
    return network.evaluate(batch).loss();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepGoesByTheWeightsToo(Net net, Kernels kernels, Blueprint.Kind kind) {
    Minibatch batch = net.batch(ids(1, 2, 3, 4, 7), 0.25f, 3, 0, 1, 1.5f);
    try (NetworkReplica fitted = replica(net, kernels, kind);
        NetworkReplica applied = replica(net, kernels, kind)) {
      float[] gradient = new float[applied.parameters()];
      double loss = applied.gradient(batch, 1, gradient);
      applied.apply(gradient);

      assertThat(fitted.fit(batch, 1)).isCloseTo(loss, within(1e-6));
      for (int i = 0; i < gradient.length; i++) {
        assertThat(fitted.state().parameters()[i])
            .isCloseTo(applied.state().parameters()[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Net.class)
  void nothingOfTheWeightsStaysInTheConfiguration(Net net) {
    try (NetworkReplica network = replica(net, Kernels.AUTO, Blueprint.Kind.MULTI_LAYER)) {
      String before = network.configurationJson();
      network.fit(net.batch(ids(1, 2), 1, 2), 1);
      network.evaluate(net.batch(ids(1, 2), 1, 2));

      network.load(new TrainingState(network.state().parameters(), new float[0], 0, 0));
      assertThat(network.configurationJson()).isEqualTo(before).doesNotContain("lockstep");
    }
  }

  /** By which metrics count it; padding has no row at all. */
  @ParameterizedTest
  @EnumSource(Net.class)
  void eachRowOfAnExampleHasItsWeight(Net net) {
    try (NetworkReplica network = replica(net, Kernels.AUTO, Blueprint.Kind.MULTI_LAYER)) {
      Replica.Output seen = network.evaluate(net.batch(ids(4, 5, 7), 0.5f, 2, 3)).outputs().get(0);
      assertThat(seen.weights())
          .containsExactly(
              net.everyStep
                  ? new float[] {0.5f, 2, 2, 3, 3, 3, 3} // 1, 2 and 4 steps
                  : new float[] {0.5f, 2, 3});
      assertThat(network.evaluate(net.batch(ids(4, 5), 1, 1)).outputs().get(0).weights()).isNull();
    }
  }

  @Test
  void aLossThatIsNoSumOverExamplesIsRefused() {
    InputType row = InputType.feedForward(3);
    var measure = new OutputLayer.Builder(new LossFMeasure()).nOut(1).build();
    measure.setActivationFn(Activation.SIGMOID.getActivationFunction());
    assertThatThrownBy(() -> check(stack(row, dense(), measure)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("OutputLayer with LossFMeasure");
    var centre =
        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build();
    assertThatThrownBy(() -> check(stack(row, dense(), centre)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("ends in CenterLossOutputLayer");
    assertThatCode(() -> check(Net.LAST_STEP.configuration())).doesNotThrowAnyException();
  }

  private static void check(MultiLayerConfiguration configuration) {
    LossWeights.check(new NetworkConfiguration.MultiLayer(configuration));
  }
}
