package io.lockstep.compute;

import static io.lockstep.compute.SequenceNets.elman;
import static io.lockstep.compute.SequenceNets.gaps;
import static io.lockstep.compute.SequenceNets.gru;
import static io.lockstep.compute.SequenceNets.lstm;
import static io.lockstep.compute.SequenceNets.mask;
import static io.lockstep.compute.SequenceNets.perSequence;
import static io.lockstep.compute.SequenceNets.perStep;
import static io.lockstep.compute.SequenceNets.timeBeforeSize;
import static io.lockstep.compute.SequenceNets.truncated;
import static io.lockstep.compute.SequenceNets.words;
import static io.lockstep.compute.SequencesAsStock.same;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.compute.SequenceNets.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class RecurrentKernelsTest {
  private static final RNNFormat NCW = RNNFormat.NCW;
  private static final Shape SHAPE = new Shape(6, 9, 5, 10, 7);

  /** As many inputs as words. */
  private static final Shape WORDS = new Shape(50, 9, 5, 10, 7);

  static Stream<Shape> shapes() {
    return Stream.of(
        new Shape(3, 5, 4, 1, 1),
        new Shape(1, 1, 2, 2, 3),
        new Shape(7, 8, 5, 3, 4),
        new Shape(5, 16, 6, 8, 1),
        new Shape(16, 12, 3, 16, 7),
        new Shape(4, 7, 7, 17, 6),
        new Shape(9, 6, 3, 1, 11),
        new Shape(20, 33, 11, 24, 5),
        new Shape(30, 20, 9, 41, 3));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void twoLstmsAndASoftmaxPerStepComputeWhatStockDoes(Shape shape) {
    SequencesAsStock.check(
        shape.toString(),
        perStep(shape, NCW, lstm(shape, NCW), lstm(shape, NCW)),
        seed -> perStep(shape, seed));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void elmanNetworksComputeWhatStockDoes(Shape shape) {
    SequencesAsStock.check(
        "Elman, " + shape,
        perStep(shape, NCW, elman(shape), elman(shape)),
        seed -> perStep(shape, seed));
  }

  @Test
  void elmanNetworksMayBeTruncated() {
    Shape shape = new Shape(6, 9, 5, 10, 2 * SequenceNets.TRUNCATED + 3);
    SequencesAsStock.check(
        "Elman, truncated",
        truncated(perStep(shape, NCW, elman(shape), elman(shape))),
        seed -> perStep(shape, seed));
  }

  @Test
  void elmanNetworksInBothDirectionsMayBeMasked() {
    SequencesAsStock.check(
        "Elman, bidirectional, masked",
        perStep(SHAPE, NCW, new Bidirectional(Bidirectional.Mode.CONCAT, elman(SHAPE))),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          data.setFeaturesMaskArray(mask(SHAPE, seed));
          data.setLabelsMaskArray(mask(SHAPE, seed));
          return data;
        });
  }

  @Test
  void randomShapesComputeWhatStockDoes() {
    // Others with -Dlockstep.seed=SEED.
    long seed = Long.getLong("lockstep.seed", 10818351034520L);
    Random random = new Random(seed);
    for (int i = 0; i < 6; i++) {
      Shape shape =
          new Shape(
              1 + random.nextInt(20),
              1 + random.nextInt(30),
              2 + random.nextInt(10),
              1 + random.nextInt(35),
              1 + random.nextInt(9));
      boolean masked = random.nextBoolean();
      SequencesAsStock.check(
          shape + ", masked " + masked + "; reproduce with -Dlockstep.seed=" + seed,
          perStep(shape, NCW, lstm(shape, NCW), lstm(shape, NCW)),
          s -> {
            DataSet data = perStep(shape, s);
            if (masked) {
              data.setLabelsMaskArray(mask(shape, s));
              data.setFeaturesMaskArray(mask(shape, s));
            }
            return data;
          });
    }
  }

  static Stream<Layer> recurrent() {
    return Stream.of(
        lstm(SHAPE, NCW),
        gru(SHAPE, NCW, true),
        gru(SHAPE, NCW, false),
        elman(SHAPE),
        new Bidirectional(Bidirectional.Mode.CONCAT, lstm(SHAPE, NCW)));
  }

  @ParameterizedTest
  @MethodSource("recurrent")
  void aMaskThatLeavesNothingOutChangesNoBit(Layer layer) {
    MultiLayerConfiguration configuration =
        perStep(
            WORDS,
            NCW,
            new EmbeddingSequenceLayer.Builder().nIn(WORDS.inputs()).nOut(4).build(),
            layer);
    MultiLayerNetwork masked = SequenceNets.accelerated(configuration);
    MultiLayerNetwork plain = SequenceNets.accelerated(configuration);
    for (int step = 0; step < 5; step++) {
      DataSet data = words(perStep(WORDS, step), WORDS.inputs(), step);
      plain.fit(data);
      INDArray ones = Nd4j.ones(WORDS.batch(), WORDS.steps());
      data.setFeaturesMaskArray(ones);
      data.setLabelsMaskArray(ones.dup());
      masked.fit(data);
      assertThat(masked.score()).isEqualTo(plain.score());
    }
    assertThat(masked.params().toFloatVector()).isEqualTo(plain.params().toFloatVector());
  }

  @Test
  void unevenLengthsAreMasked() {
    SequencesAsStock.check(
        "masked",
        perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW)),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          data.setFeaturesMaskArray(mask(SHAPE, seed));
          data.setLabelsMaskArray(mask(SHAPE, seed));
          return data;
        });
  }

  /**
   * DL4J hands masks of features past LSTMs; only {@link MaskZeroLayer} gives them one. And only
   * after a gap does it show whether cells, and not outputs alone, are carried on masked.
   */
  @Test
  void stepsOfZerosMayBeMasked() {
    SequencesAsStock.check(
        "gaps",
        perStep(SHAPE, NCW, skippingZeros(lstm(SHAPE, NCW)), skippingZeros(lstm(SHAPE, NCW))),
        RecurrentKernelsTest::withGaps);
    SequencesAsStock.check(
        "gaps, Elman",
        perStep(SHAPE, NCW, skippingZeros(elman(SHAPE)), skippingZeros(elman(SHAPE))),
        RecurrentKernelsTest::withGaps);
  }

  private static MaskZeroLayer skippingZeros(Layer layer) {
    return new MaskZeroLayer.Builder().setUnderlying(layer).setMaskValue(0).build();
  }

  private static DataSet withGaps(long seed) {
    DataSet data = perStep(SHAPE, seed);
    INDArray kept = gaps(SHAPE, seed).reshape(SHAPE.batch(), 1, SHAPE.steps());
    return new DataSet(data.getFeatures().mul(kept), data.getLabels());
  }

  @Test
  void featuresAndLabelsMayLieInAnyOrder() {
    SequencesAsStock.check(
        "fortran",
        perStep(SHAPE, NCW, lstm(SHAPE, NCW)),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          return new DataSet(data.getFeatures().dup('f'), data.getLabels().dup('f'));
        });
    SequencesAsStock.check(
        "permuted",
        perStep(SHAPE, NCW, lstm(SHAPE, NCW)),
        seed -> {
          DataSet data = timeBeforeSize(perStep(SHAPE, seed));
          return new DataSet(
              data.getFeatures().permute(0, 2, 1), data.getLabels().permute(0, 2, 1));
        });
  }

  @Test
  void timeMayComeBeforeSize() {
    SequencesAsStock.check(
        "NWC",
        perStep(SHAPE, RNNFormat.NWC, lstm(SHAPE, RNNFormat.NWC), lstm(SHAPE, RNNFormat.NWC)),
        seed -> timeBeforeSize(perStep(SHAPE, seed)));
  }

  @Test
  void inputsMayBeDropped() {
    LSTM dropping = new LSTM.Builder().nOut(9).activation(Activation.TANH).dropOut(0.6).build();
    SequencesAsStock.checkGradients(
        "dropout", perStep(SHAPE, NCW, lstm(SHAPE, NCW), dropping), perStep(SHAPE, 1));
  }

  @ParameterizedTest
  @EnumSource(Bidirectional.Mode.class)
  void bothDirectionsComputeWhatStockDoes(Bidirectional.Mode mode) {
    SequencesAsStock.check(
        "bidirectional " + mode,
        perStep(SHAPE, NCW, new Bidirectional(mode, lstm(SHAPE, NCW)), lstm(SHAPE, NCW)),
        seed -> perStep(SHAPE, seed));
  }

  @Test
  void bothDirectionsMayBeMasked() {
    SequencesAsStock.check(
        "bidirectional, masked",
        perStep(SHAPE, NCW, new Bidirectional(Bidirectional.Mode.CONCAT, lstm(SHAPE, NCW))),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          data.setFeaturesMaskArray(mask(SHAPE, seed));
          data.setLabelsMaskArray(mask(SHAPE, seed));
          return data;
        });
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void theLastTimeStepMayBeTaken(RNNFormat format) {
    SequencesAsStock.check(
        "last step " + format,
        perSequence(SHAPE, format, lstm(SHAPE, format), new LastTimeStep(lstm(SHAPE, format))),
        seed -> {
          DataSet data = perSequence(SHAPE, seed);
          return format == NCW ? data : timeBeforeSize(data);
        });
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void embeddingsOfSequencesComputeWhatStockDoes(RNNFormat format) {
    var embedding =
        new EmbeddingSequenceLayer.Builder()
            .nIn(50)
            .nOut(6)
            .hasBias(true)
            .outputDataFormat(format)
            .build();
    MultiLayerConfiguration configuration =
        perSequence(WORDS, format, embedding, new LastTimeStep(lstm(WORDS, format)));
    SequencesAsStock.check(
        "embedding " + format, configuration, seed -> words(perSequence(WORDS, seed), 50, seed));
  }

  @Test
  void embeddingsMayBeMasked() {
    var embedding = new EmbeddingSequenceLayer.Builder().nIn(50).nOut(6).build();
    SequencesAsStock.check(
        "embedding, masked",
        perStep(WORDS, NCW, embedding, lstm(WORDS, NCW)),
        seed -> {
          DataSet data = words(perStep(WORDS, seed), 50, seed);
          data.setFeaturesMaskArray(mask(WORDS, seed));
          data.setLabelsMaskArray(mask(WORDS, seed));
          return data;
        });
  }

  @Test
  void backpropagationMayBeTruncatedAndCarriesItsState() {
    Shape shape = new Shape(6, 9, 5, 10, 2 * SequenceNets.TRUNCATED + 3);
    SequencesAsStock.check(
        "truncated",
        truncated(perStep(shape, NCW, lstm(shape, NCW), lstm(shape, NCW))),
        seed -> perStep(shape, seed));
  }

  @Test
  void graphsMayBeTruncatedAndCarryTheirState() {
    Shape shape = new Shape(6, 9, 5, 10, 2 * SequenceNets.TRUNCATED + 3);
    ComputationGraph stock = truncatedGraph(shape);
    ComputationGraph fast = truncatedGraph(shape);
    assertThat(Accelerator.accelerate(fast).accelerated()).isEqualTo(3);
    for (int step = 0; step < 20; step++) {
      stock.fit(perStep(shape, step));
      fast.fit(perStep(shape, step));
      same("parameters after step " + step, fast.params(), stock.params());
    }
  }

  private static ComputationGraph truncatedGraph(Shape shape) {
    MultiLayerConfiguration stack =
        truncated(perStep(shape, NCW, lstm(shape, NCW), lstm(shape, NCW)));
    ComputationGraph graph = SequenceNets.stock(stack).toComputationGraph();
    graph.getConfiguration().setBackpropType(stack.getBackpropType());
    graph.getConfiguration().setTbpttFwdLength(stack.getTbpttFwdLength());
    graph.getConfiguration().setTbpttBackLength(stack.getTbpttBackLength());
    return graph;
  }

  /** Networks of this DL4J truncate by segments alone and never ask a layer for this. */
  @Test
  void layersTruncateTheirBackwardPassAndStoreTheStateItLeaves() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW));
    RecurrentLayer stock = firstLayer(SequenceNets.stock(configuration));
    RecurrentLayer fast = firstLayer(SequenceNets.accelerated(configuration));
    Gradient expected = truncatedGradient(stock);
    Gradient actual = truncatedGradient(fast);
    expected
        .gradientForVariable()
        .forEach((key, value) -> same(key, actual.getGradientFor(key), value));
    Map<String, INDArray> states = stock.rnnGetTBPTTState();
    assertThat(states).isNotEmpty();
    states.forEach((key, state) -> same(key, fast.rnnGetTBPTTState().get(key), state));
  }

  private static RecurrentLayer firstLayer(MultiLayerNetwork network) {
    network.initGradientsView();
    return (RecurrentLayer) network.getLayer(0);
  }

  /** The gradient of three steps, after two segments; the backward pass starts from zero. */
  private static Gradient truncatedGradient(RecurrentLayer layer) {
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    layer.rnnActivateUsingStoredState(perStep(SHAPE, 1).getFeatures(), true, true, none);
    INDArray input = perStep(SHAPE, 2).getFeatures();
    INDArray output = layer.rnnActivateUsingStoredState(input, true, true, none);
    return layer.tbpttBackpropGradient(output.dup('f'), 3, none).getFirst();
  }

  @Test
  void stepsMayBeTakenOneByOne() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW));
    MultiLayerNetwork stock = SequenceNets.stock(configuration);
    MultiLayerNetwork fast = SequenceNets.accelerated(configuration);
    INDArray features = perStep(SHAPE, 1).getFeatures();
    for (int step = 0; step < 3; step++) {
      INDArray now = features.tensorAlongDimension(step, 0, 1).dup();
      same("step " + step, fast.rnnTimeStep(now), stock.rnnTimeStep(now));
    }
    same("some steps", fast.rnnTimeStep(features), stock.rnnTimeStep(features));
    stock
        .rnnGetPreviousState(1)
        .forEach((key, state) -> same(key, fast.rnnGetPreviousState(1).get(key), state));
    INDArray stored = stock.rnnActivateUsingStoredState(features, false, true).get(3);
    same("stored", fast.rnnActivateUsingStoredState(features, false, true).get(3), stored);
    INDArray again = stock.rnnActivateUsingStoredState(features, false, true).get(3);
    same("stored again", fast.rnnActivateUsingStoredState(features, false, true).get(3), again);
  }

  @Test
  void errorsFromOutsideReachTheInput() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW));
    DataSet data = perStep(SHAPE, 1);
    INDArray expected =
        SequenceNets.stock(configuration)
            .calculateGradients(data.getFeatures(), data.getLabels(), null, null)
            .getSecond();
    INDArray actual =
        SequenceNets.accelerated(configuration)
            .calculateGradients(data.getFeatures(), data.getLabels(), null, null)
            .getSecond();
    same("gradient at the input", actual, expected);
  }

  @Test
  void gradientsAreSlopesOfTheScore() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW));
    MultiLayerNetwork network = SequenceNets.accelerated(configuration);
    DataSet data = perStep(SHAPE, 1);
    network.setInput(data.getFeatures());
    network.setLabels(data.getLabels());
    network.computeGradientAndScore();
    INDArray gradient = network.gradient().gradient().dup().divi(SHAPE.batch());
    double norm = gradient.norm2Number().doubleValue();
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      int index = random.nextInt((int) network.numParams());
      double up = scoreWith(network, data, index, 1e-2);
      double down = scoreWith(network, data, index, -1e-2);
      assertThat((up - down) / 2e-2)
          .as("parameter %d", index)
          .isCloseTo(
              gradient.getDouble(index), org.assertj.core.api.Assertions.offset(1e-3 * norm));
    }
  }

  private static double scoreWith(
      MultiLayerNetwork network, DataSet data, int index, double difference) {
    INDArray parameters = network.params();
    double before = parameters.getDouble(index);
    parameters.putScalar(index, before + difference);
    double score = network.score(data, true);
    parameters.putScalar(index, before);
    return score;
  }

  @Test
  void theSameTrainingHasTheSameBitsInManyThreadsAndWhateverRanBefore() throws Exception {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW), lstm(SHAPE, NCW));
    INDArray expected = trained(configuration, false);
    var threads = Executors.newFixedThreadPool(2);
    try {
      Future<INDArray> one = threads.submit(() -> trained(configuration, true));
      Future<INDArray> two = threads.submit(() -> trained(configuration, false));
      assertThat(one.get().toFloatVector()).isEqualTo(expected.toFloatVector());
      assertThat(two.get().toFloatVector()).isEqualTo(expected.toFloatVector());
    } finally {
      threads.shutdown();
    }
  }

  /** Parameters after ten steps, perhaps with larger and smaller minibatches evaluated between. */
  private static INDArray trained(MultiLayerConfiguration configuration, boolean interrupted) {
    MultiLayerNetwork network = SequenceNets.accelerated(configuration);
    for (int step = 0; step < 10; step++) {
      if (interrupted) {
        Shape other = new Shape(SHAPE.inputs(), SHAPE.units(), SHAPE.classes(), 1 + 7 * step, 13);
        network.output(perStep(other, step).getFeatures());
      }
      network.fit(perStep(SHAPE, step));
    }
    return network.params();
  }

  @Test
  @SuppressWarnings("deprecation") // old models have peepholes
  void whatIsNotCoveredStaysStockAndSaysWhy() {
    LSTM softsign = new LSTM.Builder().nOut(4).activation(Activation.SOFTSIGN).build();
    LSTM hard =
        new LSTM.Builder()
            .nOut(4)
            .activation(Activation.TANH)
            .gateActivationFunction(Activation.HARDSIGMOID)
            .build();
    GravesLSTM peepholes = new GravesLSTM.Builder().nOut(4).activation(Activation.TANH).build();
    KernelReport report =
        Accelerator.accelerate(
            SequenceNets.stock(perStep(SHAPE, NCW, softsign, hard, peepholes, lstm(SHAPE, NCW))));
    assertThat(report.layers())
        .extracting(KernelReport.Entry::accelerated)
        .containsExactly(false, false, false, true, true);
    assertThat(report.toString())
        .contains("activation softsign", "gate activation hardsigmoid", "no kernel");
  }

  @Test
  void doublePrecisionStaysStock() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, lstm(SHAPE, NCW));
    configuration.setDataType(DataType.DOUBLE);
    KernelReport report = Accelerator.accelerate(SequenceNets.stock(configuration));
    assertThat(report.accelerated()).isZero();
    assertThat(List.of(report.toString().split("\n")).get(0)).contains("DOUBLE");
  }
}
