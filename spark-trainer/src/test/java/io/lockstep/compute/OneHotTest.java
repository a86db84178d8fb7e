package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.compute.SequenceNets.Shape;
import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Steps;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class OneHotTest {
  private static final Shape SHAPE = new Shape(13, 9, 5, 11, 6);

  private final Lanes lanes = Lanes.best();
  private final OneHot oneHot = new OneHot();
  private final Sequence sequence = Sequence.plain();

  /** Numbers of any size, some zero, in lanes that are padded; and ones only, in whole vectors. */
  static Stream<INDArray> picks() {
    return Stream.of(symbols(1), onlyOnes(1));
  }

  @ParameterizedTest
  @MethodSource("picks")
  void picksWithTheBitsOfTheProduct(INDArray symbols) {
    sequence.load(symbols);
    assertThat(oneHot.matches(sequence)).isTrue();
    Weights weights = new Weights();
    weights.load(Nd4j.randn(SHAPE.inputs(), SHAPE.units()).dup('f'));
    float[] start = Nd4j.randn(SHAPE.units()).toFloatVector();
    Sequence picked = sums();
    Sequence multiplied = sums();
    for (int step = 0; step < SHAPE.steps(); step++) {
      oneHot.multiply(step, weights, start, picked.block(step));
      lanes.multiply(sequence.block(step), weights.panels(), start, multiplied.block(step));
    }
    assertThat(picked.data()).isEqualTo(multiplied.data());
  }

  @ParameterizedTest
  @MethodSource("picks")
  void sumsOverTimeWithTheBitsOfTheProducts(INDArray symbols) {
    sequence.load(symbols);
    assertThat(oneHot.matches(sequence)).isTrue();
    Sequence gradients = sums();
    gradients.clearPadding();
    int from = 2;
    Steps steps = gradients.steps(from, SHAPE.steps());
    float[] picked = new float[SHAPE.inputs() * SHAPE.units()];
    float[] multiplied = new float[SHAPE.inputs() * SHAPE.units()];
    oneHot.products(from, steps, picked);
    lanes.products(sequence.steps(from, SHAPE.steps()), steps, multiplied);
    assertThat(picked).isEqualTo(multiplied);
  }

  @Test
  void twoUnitsAtOnceAreNotOneHot() {
    INDArray symbols = symbols(1);
    sequence.load(symbols);
    assertThat(oneHot.matches(sequence)).isTrue();
    symbols.putScalar(10, 0, 5, 0.5);
    symbols.putScalar(10, 12, 5, 0.5);
    sequence.load(symbols);
    assertThat(oneHot.matches(sequence)).isFalse();
  }

  @Test
  void networksOfSymbolsComputeWhatStockDoes() {
    SequencesAsStock.check(
        "symbols",
        SequenceNets.perStep(SHAPE, RNNFormat.NCW, SequenceNets.lstm(SHAPE, RNNFormat.NCW)),
        seed -> new DataSet(symbols(seed), SequenceNets.perStep(SHAPE, seed).getLabels()));
    SequencesAsStock.check(
        "symbols, Elman",
        SequenceNets.perStep(SHAPE, RNNFormat.NCW, SequenceNets.elman(SHAPE)),
        seed -> new DataSet(symbols(seed), SequenceNets.perStep(SHAPE, seed).getLabels()));
  }

  private static Sequence sums() {
    Sequence sums = Sequence.plain();
    Random random = new Random(3);
    sums.resize(SHAPE.batch(), SHAPE.units(), SHAPE.steps());
    for (int i = 0; i < sums.data().length; i++) {
      sums.data()[i] = (float) random.nextGaussian();
    }
    return sums;
  }

  /** One symbol per step, of weight 1. */
  private static INDArray onlyOnes(long seed) {
    Random random = new Random(seed);
    INDArray symbols = Nd4j.zeros(2 * Lanes.GROUP, SHAPE.inputs(), SHAPE.steps());
    for (int i = 0; i < symbols.size(0); i++) {
      for (int t = 0; t < SHAPE.steps(); t++) {
        symbols.putScalar(i, random.nextInt(SHAPE.inputs()), t, 1);
      }
    }
    return symbols;
  }

  /** One symbol per step of weight 1 or 2, and now and then none. */
  private static INDArray symbols(long seed) {
    Random random = new Random(seed);
    INDArray symbols = Nd4j.zeros(SHAPE.batch(), SHAPE.inputs(), SHAPE.steps());
    for (int i = 0; i < SHAPE.batch(); i++) {
      for (int t = 0; t < SHAPE.steps(); t++) {
        symbols.putScalar(i, random.nextInt(SHAPE.inputs()), t, random.nextInt(3));
      }
    }
    return symbols;
  }
}
