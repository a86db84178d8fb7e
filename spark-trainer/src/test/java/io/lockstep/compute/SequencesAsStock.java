package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Compares an accelerated network of sequences with the stock one, masks included. */
final class SequencesAsStock {
  /** Largest difference, relative to the norm of the stock result. */
  private static final double TOLERANCE = 1e-5;

  /**
   * Distance to double precision as a multiple of stock DL4J's: its tanh rounds to the nearest
   * float, the kernels' is a rational approximation good to a few units in the last place.
   */
  private static final double ROUNDING = 8;

  private static final int STEPS = 20;

  /** Seed of the first step's minibatch. */
  private static final int FIRST_STEP = 100;

  private SequencesAsStock() {}

  /**
   * Asserts that outputs, score, every layer's gradient and the state after 20 steps are the same
   * within 1e-5, relative to the norm of each; see {@link #asNear} for gradients and the state.
   *
   * @param data a minibatch for every seed
   */
  static void check(
      String what, MultiLayerConfiguration configuration, LongFunction<DataSet> data) {
    MultiLayerNetwork stock = SequenceNets.stock(configuration);
    MultiLayerNetwork fast = SequenceNets.stock(configuration);
    KernelReport report = Accelerator.accelerate(fast);
    assertThat(report.accelerated()).as(report.toString()).isPositive();
    DataSet first = data.apply(1);
    Exact exact = new Exact(stock);
    output(what, fast, stock, first);
    assertThat(fast.score(first))
        .as(what + ": score")
        .isCloseTo(stock.score(first), offset(TOLERANCE * Math.abs(stock.score(first))));
    if (configuration.getBackpropType() == BackpropType.Standard) {
      gradients(what, fast, stock, exact, first);
    }
    train(what, fast, stock, exact, data);
  }

  /** Asserts the same of one step's gradients only, with the same random numbers in both. */
  static void checkGradients(String what, MultiLayerConfiguration configuration, DataSet data) {
    MultiLayerNetwork stock = SequenceNets.stock(configuration);
    gradients(what, SequenceNets.accelerated(configuration), stock, new Exact(stock), data);
  }

  private static void train(
      String what,
      MultiLayerNetwork fast,
      MultiLayerNetwork stock,
      Exact exact,
      LongFunction<DataSet> data) {
    for (int step = 0; step < STEPS; step++) {
      stock.fit(data.apply(FIRST_STEP + step));
      fast.fit(data.apply(FIRST_STEP + step));
    }
    asNear(
        what + ": parameters after " + STEPS,
        fast.params(),
        stock.params(),
        () -> exact.trained(data).params());
    asNear(
        what + ": updater after " + STEPS,
        fast.getUpdater().getStateViewArray(),
        stock.getUpdater().getStateViewArray(),
        () -> exact.trained(data).getUpdater().getStateViewArray());
    assertThat(fast.score())
        .as(what + ": last score")
        .isCloseTo(stock.score(), offset(TOLERANCE * Math.abs(stock.score())));
    output(what + ", trained", fast, stock, data.apply(2));
  }

  /**
   * Asserts that vectors are the same within the tolerance, or, where single precision cannot be
   * that exact (sums that nearly cancel), that the one is about as near to double precision as that
   * of stock DL4J.
   */
  private static void asNear(
      String what, INDArray actual, INDArray expected, Supplier<INDArray> truth) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    if (distance(actual, expected) <= tolerance(expected)) {
      return;
    }
    INDArray exact = truth.get();
    assertThat(distance(actual, exact))
        .as(what + ", distance to double precision, against that of stock")
        .isLessThanOrEqualTo(ROUNDING * distance(expected, exact));
  }

  /** The same in double precision, computed if someone asks. */
  private static final class Exact {
    private final MultiLayerConfiguration configuration;
    private final INDArray start;

    /** Begins with the parameters that {@code network} has now. */
    Exact(MultiLayerNetwork network) {
      configuration = network.getLayerWiseConfigurations().clone();
      configuration.setDataType(DataType.DOUBLE);
      start = network.params().castTo(DataType.DOUBLE);
    }

    MultiLayerNetwork trained(LongFunction<DataSet> data) {
      MultiLayerNetwork network = create();
      for (int step = 0; step < STEPS; step++) {
        network.fit(inDouble(data.apply(FIRST_STEP + step)));
      }
      return network;
    }

    Map<String, INDArray> gradients(DataSet data) {
      MultiLayerNetwork network = create();
      compute(network, inDouble(data));
      return network.gradient().gradientForVariable();
    }

    private MultiLayerNetwork create() {
      MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
      network.init();
      network.setParams(start);
      return network;
    }

    private static DataSet inDouble(DataSet batch) {
      return new DataSet(
          batch.getFeatures().castTo(DataType.DOUBLE),
          batch.getLabels().castTo(DataType.DOUBLE),
          batch.getFeaturesMaskArray(),
          batch.getLabelsMaskArray());
    }
  }

  private static void output(
      String what, MultiLayerNetwork fast, MultiLayerNetwork stock, DataSet data) {
    same(what + ": output", output(fast, data), output(stock, data));
  }

  private static INDArray output(MultiLayerNetwork network, DataSet data) {
    return network.output(
        data.getFeatures(), false, data.getFeaturesMaskArray(), data.getLabelsMaskArray());
  }

  private static void gradients(
      String what, MultiLayerNetwork fast, MultiLayerNetwork stock, Exact exact, DataSet data) {
    compute(stock, data);
    compute(fast, data);
    Map<String, INDArray> expected = stock.gradient().gradientForVariable();
    Map<String, INDArray> actual = fast.gradient().gradientForVariable();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, value) ->
            asNear(
                what + ": gradient " + name,
                actual.get(name),
                value,
                () -> exact.gradients(data).get(name)));
    assertThat(fast.score())
        .as(what + ": score of a step")
        .isCloseTo(stock.score(), offset(TOLERANCE * Math.abs(stock.score())));
  }

  /** One step's gradients, with the same random numbers in every network. */
  private static void compute(MultiLayerNetwork network, DataSet data) {
    network.setInput(data.getFeatures());
    network.setLabels(data.getLabels());
    network.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
    Nd4j.getRandom().setSeed(3);
    network.computeGradientAndScore();
    network.clearLayerMaskArrays();
  }

  static void same(String what, INDArray actual, INDArray expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    assertThat(distance(actual, expected))
        .as(what + ", norm " + expected.norm2Number())
        .isLessThanOrEqualTo(tolerance(expected));
  }

  private static double distance(INDArray actual, INDArray expected) {
    INDArray exact = expected.castTo(DataType.DOUBLE);
    return actual.castTo(DataType.DOUBLE).sub(exact).norm2Number().doubleValue();
  }

  private static double tolerance(INDArray expected) {
    return TOLERANCE * expected.norm2Number().doubleValue() + 1e-9;
  }
}
