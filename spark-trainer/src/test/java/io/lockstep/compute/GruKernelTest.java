package io.lockstep.compute;

import static io.lockstep.compute.SequenceNets.gaps;
import static io.lockstep.compute.SequenceNets.gru;
import static io.lockstep.compute.SequenceNets.mask;
import static io.lockstep.compute.SequenceNets.perSequence;
import static io.lockstep.compute.SequenceNets.perStep;
import static io.lockstep.compute.SequenceNets.timeBeforeSize;
import static io.lockstep.compute.SequenceNets.truncated;
import static io.lockstep.compute.SequencesAsStock.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.compute.SequenceNets.Shape;
import io.lockstep.layers.GRU;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** The GRU's kernel against the stock layer, as {@link RecurrentKernelsTest} has the others. */
class GruKernelTest {
  private static final RNNFormat NCW = RNNFormat.NCW;
  private static final Shape SHAPE = new Shape(6, 9, 5, 10, 7);

  static Stream<Arguments> shapes() {
    return RecurrentKernelsTest.shapes()
        .flatMap(shape -> Stream.of(Arguments.of(shape, true), Arguments.of(shape, false)));
  }

  static Stream<Arguments> formats() {
    return Stream.of(RNNFormat.values())
        .flatMap(format -> Stream.of(Arguments.of(format, true), Arguments.of(format, false)));
  }

  private static LongFunction<DataSet> masked(Shape shape) {
    return seed -> {
      DataSet data = perStep(shape, seed);
      data.setFeaturesMaskArray(mask(shape, seed));
      data.setLabelsMaskArray(mask(shape, seed));
      return data;
    };
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void twoGrusAndASoftmaxPerStepComputeWhatStockDoes(Shape shape, boolean resetAfter) {
    SequencesAsStock.check(
        shape.toString(),
        perStep(shape, NCW, gru(shape, NCW, resetAfter), gru(shape, NCW, resetAfter)),
        seed -> perStep(shape, seed));
  }

  @Test
  void randomShapesComputeWhatStockDoes() {
    // Others with -Dlockstep.seed=SEED.
    long seed = Long.getLong("lockstep.seed", 7728193401L);
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
      boolean resetAfter = random.nextBoolean();
      SequencesAsStock.check(
          shape
              + ", masked %s, resetAfter %s; reproduce with -Dlockstep.seed=%d"
                  .formatted(masked, resetAfter, seed),
          perStep(shape, NCW, gru(shape, NCW, resetAfter), gru(shape, NCW, !resetAfter)),
          masked ? masked(shape) : s -> perStep(shape, s));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unevenLengthsAreMasked(boolean resetAfter) {
    SequencesAsStock.check(
        "masked",
        perStep(SHAPE, NCW, gru(SHAPE, NCW, resetAfter), gru(SHAPE, NCW, resetAfter)),
        masked(SHAPE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepsInTheMiddleMayBeMasked(boolean resetAfter) {
    SequencesAsStock.check(
        "gaps",
        perStep(SHAPE, NCW, gru(SHAPE, NCW, resetAfter), gru(SHAPE, NCW, resetAfter)),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          data.setFeaturesMaskArray(gaps(SHAPE, seed));
          data.setLabelsMaskArray(gaps(SHAPE, seed));
          return data;
        });
    SequencesAsStock.check(
        "steps of zeros",
        perStep(SHAPE, NCW, skippingZeros(gru(SHAPE, NCW, resetAfter))),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          INDArray kept = gaps(SHAPE, seed).reshape(SHAPE.batch(), 1, SHAPE.steps());
          return new DataSet(data.getFeatures().mul(kept), data.getLabels());
        });
  }

  private static MaskZeroLayer skippingZeros(Layer layer) {
    return new MaskZeroLayer.Builder().setUnderlying(layer).setMaskValue(0).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void timeMayComeBeforeSize(boolean resetAfter) {
    GRU gru = gru(SHAPE, RNNFormat.NWC, resetAfter);
    SequencesAsStock.check(
        "NWC",
        perStep(SHAPE, RNNFormat.NWC, gru, (GRU) gru.clone()),
        seed -> timeBeforeSize(perStep(SHAPE, seed)));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void inputsMayBeDropped(RNNFormat format, boolean resetAfter) {
    GRU dropping =
        new GRU.Builder().nOut(9).resetAfter(resetAfter).dropOut(0.6).dataFormat(format).build();
    DataSet data = perStep(SHAPE, 1);
    SequencesAsStock.checkGradients(
        "dropout",
        perStep(SHAPE, format, gru(SHAPE, format, resetAfter), dropping),
        format == NCW ? data : timeBeforeSize(data));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void bothDirectionsMayBeMasked(RNNFormat format, boolean resetAfter) {
    SequencesAsStock.check(
        "bidirectional, masked",
        perStep(
            SHAPE,
            format,
            new Bidirectional(Bidirectional.Mode.CONCAT, gru(SHAPE, format, resetAfter)),
            gru(SHAPE, format, resetAfter)),
        seed -> {
          DataSet data = masked(SHAPE).apply(seed);
          return format == NCW ? data : timeBeforeSize(data);
        });
  }

  @ParameterizedTest
  @MethodSource("formats")
  void theLastTimeStepOfUnevenLengthsMayBeTaken(RNNFormat format, boolean resetAfter) {
    SequencesAsStock.check(
        "last step, masked",
        perSequence(
            SHAPE,
            format,
            gru(SHAPE, format, resetAfter),
            new LastTimeStep(gru(SHAPE, format, resetAfter))),
        seed -> {
          DataSet data = perSequence(SHAPE, seed);
          data.setFeaturesMaskArray(mask(SHAPE, seed));
          return format == NCW ? data : timeBeforeSize(data);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backpropagationMayBeTruncatedAndCarriesItsState(boolean resetAfter) {
    Shape shape = new Shape(6, 9, 5, 10, 2 * SequenceNets.TRUNCATED + 3);
    SequencesAsStock.check(
        "truncated",
        truncated(perStep(shape, NCW, gru(shape, NCW, resetAfter), gru(shape, NCW, resetAfter))),
        seed -> perStep(shape, seed));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void graphsMayBeTruncatedAndCarryTheirState(boolean resetAfter) {
    Shape shape = new Shape(6, 9, 5, 10, 2 * SequenceNets.TRUNCATED + 3);
    ComputationGraph stock = truncatedGraph(shape, resetAfter);
    ComputationGraph fast = truncatedGraph(shape, resetAfter);
    assertThat(Accelerator.accelerate(fast).accelerated()).isEqualTo(3);
    for (int step = 0; step < 20; step++) {
      stock.fit(perStep(shape, step));
      fast.fit(perStep(shape, step));
      same("parameters after step " + step, fast.params(), stock.params());
    }
  }

  private static ComputationGraph truncatedGraph(Shape shape, boolean resetAfter) {
    MultiLayerConfiguration stack =
        truncated(perStep(shape, NCW, gru(shape, NCW, resetAfter), gru(shape, NCW, resetAfter)));
    ComputationGraph graph = SequenceNets.stock(stack).toComputationGraph();
    graph.getConfiguration().setBackpropType(stack.getBackpropType());
    graph.getConfiguration().setTbpttFwdLength(stack.getTbpttFwdLength());
    graph.getConfiguration().setTbpttBackLength(stack.getTbpttBackLength());
    return graph;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLayersBackwardPassMayBeShorterThanItsWindow(boolean resetAfter) {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, gru(SHAPE, NCW, resetAfter));
    MultiLayerNetwork stock = SequenceNets.stock(configuration);
    MultiLayerNetwork fast = SequenceNets.accelerated(configuration);
    for (MultiLayerNetwork network : new MultiLayerNetwork[] {stock, fast}) {
      network.initGradientsView();
    }
    INDArray expected = truncatedError((RecurrentLayer) stock.getLayer(0));
    same("gradient of the input", truncatedError((RecurrentLayer) fast.getLayer(0)), expected);
    same(
        "gradient",
        fast.getLayer(0).getGradientsViewArray(),
        stock.getLayer(0).getGradientsViewArray());
    Map<String, INDArray> states = ((RecurrentLayer) stock.getLayer(0)).rnnGetTBPTTState();
    assertThat(states).hasSize(1);
    states.forEach(
        (key, state) ->
            same(key, ((RecurrentLayer) fast.getLayer(0)).rnnGetTBPTTState().get(key), state));
  }

  /** Three of seven steps back, in the second window. */
  private static INDArray truncatedError(RecurrentLayer layer) {
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    layer.rnnActivateUsingStoredState(perStep(SHAPE, 1).getFeatures(), true, true, none);
    INDArray input = perStep(SHAPE, 2).getFeatures();
    INDArray output = layer.rnnActivateUsingStoredState(input, true, true, none);
    return layer.tbpttBackpropGradient(output.dup('f'), 3, none).getSecond();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepsMayBeTakenOneByOne(boolean resetAfter) {
    MultiLayerConfiguration configuration =
        perStep(SHAPE, NCW, gru(SHAPE, NCW, resetAfter), gru(SHAPE, NCW, resetAfter));
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
  }

  @Test
  void oneHotSymbolsArePicked() {
    SequencesAsStock.check(
        "symbols",
        perStep(SHAPE, NCW, gru(SHAPE, NCW, true), gru(SHAPE, NCW, false)),
        seed -> {
          DataSet data = perStep(SHAPE, seed);
          data.getFeatures().assign(0);
          Random random = new Random(seed);
          for (int i = 0; i < SHAPE.batch(); i++) {
            for (int t = 0; t < SHAPE.steps(); t++) {
              data.getFeatures().putScalar(i, random.nextInt(SHAPE.inputs()), t, 1);
            }
          }
          return data;
        });
  }

  @Test
  void errorsFromOutsideReachTheInput() {
    MultiLayerConfiguration configuration =
        perStep(SHAPE, NCW, gru(SHAPE, NCW, true), gru(SHAPE, NCW, false));
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
  void theSameTrainingHasTheSameBitsInManyThreadsAndWhateverRanBefore() throws Exception {
    INDArray expected = trained(false);
    var threads = Executors.newFixedThreadPool(2);
    try {
      Future<INDArray> one = threads.submit(() -> trained(true));
      Future<INDArray> two = threads.submit(() -> trained(false));
      assertThat(one.get().toFloatVector()).isEqualTo(expected.toFloatVector());
      assertThat(two.get().toFloatVector()).isEqualTo(expected.toFloatVector());
    } finally {
      threads.shutdown();
    }
  }

  /** Parameters after ten steps, perhaps with larger and smaller minibatches evaluated between. */
  private static INDArray trained(boolean interrupted) {
    MultiLayerNetwork network =
        SequenceNets.accelerated(
            perStep(SHAPE, NCW, gru(SHAPE, NCW, true), gru(SHAPE, NCW, false)));
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
  void whatDoesNotFitIsRefusedAsByTheStockLayer() {
    MultiLayerNetwork network =
        SequenceNets.accelerated(perStep(SHAPE, NCW, gru(SHAPE, NCW, true)));
    Shape wider = new Shape(7, 9, 5, 10, 7);
    assertThatThrownBy(() -> network.output(perStep(wider, 1).getFeatures()))
        .hasMessageContaining("nIn = 6 got inputs of size 7");
    network.rnnTimeStep(perStep(SHAPE, 1).getFeatures());
    Shape fewer = new Shape(6, 9, 5, 3, 7);
    assertThatThrownBy(() -> network.rnnTimeStep(perStep(fewer, 1).getFeatures()))
        .hasMessageContaining("holds the state of 10 sequences and got 3");
  }

  @Test
  void whatIsNotCoveredStaysStockAndSaysWhy() {
    GRU softsign = new GRU.Builder().nOut(4).activation(Activation.SOFTSIGN).build();
    GRU hard = new GRU.Builder().nOut(4).gateActivationFunction(Activation.HARDSIGMOID).build();
    GRU noisy = new GRU.Builder().nOut(4).weightNoise(new DropConnect(0.5)).build();
    MultiLayerNetwork network =
        SequenceNets.stock(perStep(SHAPE, NCW, softsign, hard, noisy, gru(SHAPE, NCW, true)));
    KernelReport report = Accelerator.accelerate(network);
    assertThat(report.layers())
        .extracting(KernelReport.Entry::accelerated)
        .containsExactly(false, false, true, true, true);
    assertThat(report.toString())
        .contains("(GRU)", "activation softsign", "gate activation hardsigmoid");
    assertThat(Accelerator.accelerate(network).toString()).isEqualTo(report.toString());
  }

  @Test
  void doublePrecisionStaysStock() {
    MultiLayerConfiguration configuration = perStep(SHAPE, NCW, gru(SHAPE, NCW, true));
    configuration.setDataType(DataType.DOUBLE);
    KernelReport report = Accelerator.accelerate(SequenceNets.stock(configuration));
    assertThat(report.accelerated()).isZero();
    assertThat(report.toString()).contains("DOUBLE");
  }
}
