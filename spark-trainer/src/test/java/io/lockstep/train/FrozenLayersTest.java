package io.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Part;
import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import io.lockstep.model.Blueprint;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Frozen layers of DL4J stay as they were, and all else is trained as by a plain DL4J loop. */
class FrozenLayersTest {
  private static final int EXAMPLES = 60;
  private static final int BATCH = 8;
  private static final int EPOCHS = 2;

  /** Networks with a frozen layer of which the flat parameters {@code from} to {@code to} are. */
  enum Net {
    DENSE_BELOW(0, 145 * 16) {
      @Override
      Layer[] layers() {
        return new Layer[] {new FrozenLayer(dense(16)), dense(12), output()};
      }
    },
    CONVOLUTION_BELOW(0, 10 * 6) {
      @Override
      Layer[] layers() {
        return new Layer[] {
          new FrozenLayer(
              new ConvolutionLayer.Builder(3, 3).nOut(6).activation(Activation.RELU).build()),
          new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build(),
          dense(10),
          output()
        };
      }
    },
    BETWEEN(145 * 16, 145 * 16 + 17 * 12) {
      @Override
      Layer[] layers() {
        return new Layer[] {dense(16), new FrozenLayerWithBackprop(dense(12)), output()};
      }
    };

    private final int from;
    private final int to;

    Net(int from, int to) {
      this.from = from;
      this.to = to;
    }

    abstract Layer[] layers();

    MultiLayerConfiguration configuration() {
      var list =
          new NeuralNetConfiguration.Builder()
              .seed(7)
              .updater(new Adam(0.01))
              .gradientNormalization(GradientNormalization.RenormalizeL2PerLayer)
              .list();
      for (Layer layer : layers()) {
        list.layer(layer);
      }
      return list.setInputType(InputType.convolutional(12, 12, 1)).build();
    }
  }

  private static DenseLayer dense(int units) {
    return new DenseLayer.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(4)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static Stream<Arguments> networks() {
    return Stream.of(Net.values())
        .flatMap(net -> Stream.of(Kernels.values()).map(kernels -> Arguments.of(net, kernels)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void oneReplicaIsAPlainLoop(Net net, Kernels kernels) {
    var plain =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(net.configuration().toJson()));
    plain.init();
    float[] start = plain.params().dup().data().asFloat();
    plainLoop((features, labels) -> plain.fit(features, labels), plain::setEpochCount);
    float[] expected = plain.params().dup().data().asFloat();
    assertThat(frozen(net, expected)).isEqualTo(frozen(net, start));
    assertThat(expected).isNotEqualTo(start);

    for (Mode mode : Mode.values()) {
      TrainingState state = trial(net, kernels, mode, 1).run(EPOCHS);
      assertThat(frozen(net, state.parameters())).as(mode.name()).isEqualTo(frozen(net, start));
      if (kernels == Kernels.STOCK && mode == Mode.AVERAGING) {
        assertThat(state.parameters()).isEqualTo(expected);
        assertThat(state.updater()).isEqualTo(plain.updaterState().dup().data().asFloat());
      }
      assertClose(mode.name(), state.parameters(), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void replicasLeaveItAloneToo(Net net, Kernels kernels) {
    var plain =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(net.configuration().toJson()));
    plain.init();
    float[] start = plain.params().dup().data().asFloat();
    for (Mode mode : Mode.values()) {
      TrainingState state = trial(net, kernels, mode, 3).run(EPOCHS);
      assertThat(frozen(net, state.parameters())).as(mode.name()).isEqualTo(frozen(net, start));
    }
  }

  @ParameterizedTest
  @EnumSource(Kernels.class)
  void aGraphWithAFrozenVertexIsAPlainLoop(Kernels kernels) {
    ComputationGraphConfiguration graph = graph();
    String json = graph.toJson();
    var plain = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
    plain.init();
    float[] start = plain.params().dup().data().asFloat();
    plainLoop(
        (features, labels) -> plain.fit(new INDArray[] {features}, new INDArray[] {labels}),
        epoch -> plain.getConfiguration().setEpochCount(epoch));
    float[] expected = plain.params().dup().data().asFloat();
    int frozen = 145 * 16;
    assertThat(Arrays.copyOf(expected, frozen)).isEqualTo(Arrays.copyOf(start, frozen));

    var factory = new Blueprint(Blueprint.Kind.GRAPH, json, kernels, 1);
    for (Mode mode : Mode.values()) {
      TrainingState state =
          new Digits(EXAMPLES, 0, 1)
              .trial(mode, BATCH, mode == Mode.GRADIENT ? 1 : 2, factory)
              .run(EPOCHS);
      assertThat(Arrays.copyOf(state.parameters(), frozen)).isEqualTo(Arrays.copyOf(start, frozen));
      assertClose(mode.name(), state.parameters(), expected);
    }
  }

  private static ComputationGraphConfiguration graph() {
    var graph =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .updater(new Adam(0.01))
            .graphBuilder()
            .addInputs("in")
            .addLayer("below", dense(16), "in")
            .addLayer("above", dense(12), "below")
            .addLayer("out", output(), "above")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(12, 12, 1))
            .build();
    graph.getVertices().put("below", new FrozenVertex(graph.getVertices().get("below")));
    return graph;
  }

  private static Trial trial(Net net, Kernels kernels, Mode mode, int replicas) {
    var factory =
        new Blueprint(Blueprint.Kind.MULTI_LAYER, net.configuration().toJson(), kernels, 1);
    return new Digits(EXAMPLES, 0, replicas)
        .trial(mode, BATCH, mode == Mode.GRADIENT ? 1 : 2, factory);
  }

  private static float[] frozen(Net net, float[] parameters) {
    return Arrays.copyOfRange(parameters, net.from, net.to);
  }

  private static void assertClose(String what, float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).as(what).isCloseTo(0, within(1e-5));
  }

  @FunctionalInterface
  private interface Fit {
    void fit(INDArray features, INDArray labels);
  }

  private static void plainLoop(Fit fit, java.util.function.IntConsumer epochs) {
    Block all = Digits.block(0, EXAMPLES);
    Deal.Places places = Deal.training(EXAMPLES, 0, 1, MadeUp.SEED).places();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      epochs.accept(epoch);
      int[] order =
          new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, MadeUp.SEED, epoch, 0))
              .permutation(EXAMPLES);
      for (int i = 0; i * BATCH < EXAMPLES; i++) {
        int[] rows =
            Arrays.stream(order, i * BATCH, Math.min(EXAMPLES, (i + 1) * BATCH))
                .map(row -> (int) places.id(Part.TRAINING, 0, row))
                .toArray();
        Nd4j.getRandom().setSeed(Seeds.derive(Seeds.Purpose.STEP, MadeUp.SEED, epoch, 0, i));
        Minibatch batch = Digits.minibatch(all, rows);
        fit.fit(Digits.features(batch), Digits.labels(batch));
      }
    }
  }
}
