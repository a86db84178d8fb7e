package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.compute.Accelerator;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/** The loss of an evaluation is DL4J's score, the outputs DL4J's, by one forward pass. */
class OutputLossTest {
  private static final int BATCH = 7;
  private static final int INPUTS = 5;
  private static final int WIDTH = 3;
  private static final int TIME = 4;
  private static final double ROUNDING = 1e-5;

  private static final INDArray FEATURES = gaussian(0, 1, BATCH, INPUTS);
  private static final INDArray CLASSES = oneHot();

  static Stream<Arguments> losses() {
    INDArray weights = Nd4j.createFromArray(0.5f, 1f, 3f);
    INDArray numbers = gaussian(1, 1, BATCH, WIDTH);
    INDArray positive = Nd4j.math().abs(gaussian(2, 1, BATCH, WIDTH)).addi(0.1);
    INDArray signs = CLASSES.mul(2).subi(1);
    return Stream.of(
        Arguments.of(new LossMCXENT(), Activation.SOFTMAX, CLASSES, true),
        Arguments.of(new LossMCXENT(weights), Activation.SOFTMAX, CLASSES, true),
        Arguments.of(new LossNegativeLogLikelihood(), Activation.SOFTMAX, CLASSES, true),
        Arguments.of(new LossBinaryXENT(), Activation.SIGMOID, CLASSES, true),
        Arguments.of(new LossBinaryXENT(1e-7, weights), Activation.SIGMOID, CLASSES, true),
        Arguments.of(new LossKLD(), Activation.SOFTMAX, positive, true),
        Arguments.of(new LossL1(), Activation.TANH, numbers, true),
        Arguments.of(new LossL2(weights), Activation.IDENTITY, numbers, true),
        Arguments.of(new LossMAE(), Activation.IDENTITY, numbers, true),
        Arguments.of(new LossMSE(), Activation.IDENTITY, numbers, true),
        Arguments.of(new LossMSE(), Activation.RRELU, numbers, false),
        Arguments.of(new LossMAPE(), Activation.IDENTITY, numbers, true),
        Arguments.of(new LossMSLE(), Activation.SOFTPLUS, positive, true),
        Arguments.of(new LossHinge(), Activation.TANH, signs, true),
        Arguments.of(new LossSquaredHinge(), Activation.IDENTITY, signs, true),
        Arguments.of(new LossPoisson(), Activation.SOFTPLUS, positive, true),
        Arguments.of(new LossCosineProximity(), Activation.IDENTITY, numbers, true),
        Arguments.of(new LossFMeasure(), Activation.SOFTMAX, CLASSES.getColumns(0, 1), false));
  }

  @ParameterizedTest(autoCloseArguments = false) // an array is closeable, and used again
  @MethodSource("losses")
  void theLossIsDl4jsScoreByOnePassWhereOutputsAreEnough(
      ILossFunction loss, Activation activation, INDArray labels, boolean onePass) {
    int width = (int) labels.size(1);
    Layer last = new OutputLayer.Builder(loss).nOut(width).activation(activation).build();

    assertEvaluatesAsDl4j(last, labels, onePass);
  }

  @Test
  void alsoOfALossLayer() {
    Layer last = new LossLayer.Builder(new LossMSE()).activation(Activation.SIGMOID).build();

    assertEvaluatesAsDl4j(last, gaussian(1, 1, BATCH, 6), true);
  }

  @Test
  void aLayerWithALossOfItsOwnIsAskedInASecondPass() {
    Layer last =
        new CenterLossOutputLayer.Builder(new LossMCXENT())
            .nOut(WIDTH)
            .activation(Activation.SOFTMAX)
            .build();

    assertEvaluatesAsDl4j(last, CLASSES, false);
  }

  @Test
  void binaryCrossEntropyAfterSoftmaxNeedsMoreThanOutputs() {
    Layer last =
        new OutputLayer.Builder(new LossBinaryXENT())
            .nOut(WIDTH)
            .activation(Activation.SOFTMAX)
            .build();

    assertThat(OutputLoss.of(network(last).getOutputLayer())).isEmpty();
  }

  /** Huge weights: probabilities of exactly 0 and 1, which DL4J clips. */
  @Test
  void certainAndWrongIsAsBadAsInDl4j() {
    MultiLayerNetwork network = network(classes());
    network.params().muli(1000);
    double expected = expected(network, CLASSES) - network.calcRegularizationScore(true);
    OutputLoss loss = OutputLoss.of(network.getOutputLayer()).orElseThrow();

    assertThat(expected).isGreaterThan(5);
    assertThat(loss.of(network.output(FEATURES), CLASSES, null, null))
        .isEqualTo(expected, within(ROUNDING * expected));
  }

  @Test
  void theMetricsAreThoseOfDl4jsEvaluation() {
    MultiLayerNetwork network = network(classes());
    var expected = new Evaluation(WIDTH);
    expected.eval(CLASSES, network.output(FEATURES));
    var measured = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, WIDTH));

    try (NetworkReplica replica = NetworkReplica.of(network)) {
      Replica.Evaluated found = replica.evaluate(batch(CLASSES));
      Replica.Output output = found.outputs().get(0);
      measured.add(output.values(), output.labels(), BATCH, found.loss());
    }
    assertThat(measured.result().metric("accuracy")).isEqualTo(expected.accuracy());
    assertThat(measured.result().metric("f1")).isEqualTo(expected.f1(), within(1e-12));
  }

  enum Mask {
    NONE,
    STEPS,
    VALUES
  }

  @ParameterizedTest
  @EnumSource(Mask.class)
  void ofSequencesItIsDl4jsScoreUnderEveryMask(Mask kind) {
    for (RNNFormat format : RNNFormat.values()) {
      MultiLayerNetwork network = recurrent(format);
      INDArray features = laidOut(gaussian(3, 1, BATCH, INPUTS, TIME), format);
      INDArray labels = laidOut(gaussian(4, 1, BATCH, WIDTH, TIME), format);
      INDArray mask = mask(kind, format);
      double expected = network.score(new DataSet(features, labels, null, mask), false);

      OutputLoss loss = OutputLoss.of(network.getOutputLayer()).orElseThrow();
      double found =
          loss.of(network.output(features), labels, mask, null)
              + network.calcRegularizationScore(true);

      assertThat(found).as("%s", format).isEqualTo(expected, within(ROUNDING * expected));
      network.close();
    }
  }

  private static INDArray mask(Mask kind, RNNFormat format) {
    return switch (kind) {
      case NONE -> null;
      case STEPS -> gaussian(5, 1, BATCH, TIME).gt(0).castTo(Nd4j.dataType());
      case VALUES ->
          format == RNNFormat.NCW // in the other DL4J knows no such masks
              ? gaussian(5, 1, BATCH, WIDTH, TIME).gt(0).castTo(Nd4j.dataType())
              : null;
    };
  }

  private static INDArray laidOut(INDArray sequences, RNNFormat format) {
    return format == RNNFormat.NCW ? sequences : sequences.permute(0, 2, 1).dup('c');
  }

  private static MultiLayerNetwork recurrent(RNNFormat format) {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .l2(0.01)
                .list()
                .layer(new LSTM.Builder().nOut(6).dataFormat(format).build())
                .layer(
                    new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(WIDTH)
                        .activation(Activation.TANH)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(INPUTS, TIME, format))
                .build());
    network.init();
    return network;
  }

  /** In both classes of networks, with DL4J's layers and with ours. */
  private static void assertEvaluatesAsDl4j(Layer last, INDArray labels, boolean onePass) {
    for (boolean accelerated : new boolean[] {false, true}) {
      MultiLayerNetwork stack = network(last);
      INDArray output = stack.output(FEATURES);
      double expected = expected(stack, labels);
      var graph = stack.toComputationGraph();
      if (accelerated) {
        Accelerator.accelerate(stack);
        Accelerator.accelerate(graph);
      }
      assertEvaluates(NetworkReplica.of(stack), output, labels, expected, onePass);
      assertEvaluates(NetworkReplica.of(graph), output, labels, expected, onePass);
    }
  }

  private static double expected(MultiLayerNetwork network, INDArray labels) {
    Nd4j.getRandom().setSeed(1);
    return network.score(new DataSet(FEATURES, labels), false);
  }

  private static void assertEvaluates(
      NetworkReplica replica, INDArray output, INDArray labels, double expected, boolean onePass) {
    try (replica) {
      Nd4j.getRandom().setSeed(1);
      Counting.passes.set(0);
      Replica.Evaluated found = replica.evaluate(batch(labels));

      assertThat(Counting.passes).hasValue(onePass ? 1 : 2);
      assertThat(found.loss()).isEqualTo(expected, within(ROUNDING * Math.abs(expected)));
      assertThat(found.outputs().get(0).values())
          .containsExactly(output.dup('c').data().asFloat(), within(1e-6f));
    }
  }

  private static Layer classes() {
    return new OutputLayer.Builder(new LossMCXENT())
        .nOut(WIDTH)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static MultiLayerNetwork network(Layer last) {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .l1(0.003)
                .l2(0.02)
                .list()
                .validateOutputLayerConfig(false)
                .layer(
                    new DenseLayer.Builder()
                        .nOut(6)
                        .activation(new Counting())
                        .dropOut(0.5)
                        .build())
                .layer(last)
                .setInputType(InputType.feedForward(INPUTS))
                .build());
    network.init();
    return network;
  }

  private static Minibatch batch(INDArray labels) {
    return DenseBatch.of(
        BATCH,
        FEATURES.data().asFloat(),
        INPUTS,
        labels.dup('c').data().asFloat(),
        (int) labels.size(1));
  }

  private static INDArray gaussian(long seed, double scale, long... shape) {
    Random random = new Random(seed);
    INDArray array = Nd4j.create(shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * random.nextGaussian());
    }
    return array;
  }

  private static INDArray oneHot() {
    INDArray labels = Nd4j.zeros(BATCH, WIDTH);
    for (int i = 0; i < BATCH; i++) {
      labels.putScalar(i, i * i % WIDTH, 1);
    }
    return labels;
  }

  /** A hyperbolic tangent that counts how often it is computed; no kernel of ours covers it. */
  static final class Counting extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger passes = new AtomicInteger();

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
      passes.incrementAndGet();
      return new ActivationTanH().getActivation(in, training);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
      return new ActivationTanH().backprop(in, epsilon);
    }
  }
}
