package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Map;
import java.util.function.LongFunction;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Compares an accelerated network of sequences with the stock one, masks included. */
final class SequencesAsStock {
  /** Largest difference, relative to the norm of the stock result. */
  private static final double TOLERANCE = 1e-5;

  private static final int STEPS = 20;

  private SequencesAsStock() {}

  /**
   * Asserts that outputs, score, every layer's gradient and the state after 20 steps are the same
   * within 1e-5, relative to the norm of each.
   *
   * @param data a minibatch for every seed
   */
  static void check(
      String what, MultiLayerConfiguration configuration, LongFunction<DataSet> data) {
    MultiLayerNetwork stock = SequenceNets.stock(configuration);
    MultiLayerNetwork fast = SequenceNets.stock(configuration);
    KernelReport report = Kernels.accelerate(fast);
    assertThat(report.accelerated()).as(report.toString()).isPositive();
    DataSet first = data.apply(1);
    output(what, fast, stock, first);
    assertThat(fast.score(first))
        .as(what + ": score")
        .isCloseTo(stock.score(first), offset(TOLERANCE * Math.abs(stock.score(first))));
    if (configuration.getBackpropType() == BackpropType.Standard) {
      gradients(what, fast, stock, first);
    }
    train(what, fast, stock, data);
  }

  /** Asserts the same of one step's gradients only, with the same random numbers in both. */
  static void checkGradients(String what, MultiLayerConfiguration configuration, DataSet data) {
    gradients(
        what, SequenceNets.accelerated(configuration), SequenceNets.stock(configuration), data);
  }

  private static void train(
      String what, MultiLayerNetwork fast, MultiLayerNetwork stock, LongFunction<DataSet> data) {
    for (int step = 0; step < STEPS; step++) {
      stock.fit(data.apply(100 + step));
      fast.fit(data.apply(100 + step));
    }
    same(what + ": parameters after " + STEPS, fast.params(), stock.params());
    same(
        what + ": updater after " + STEPS,
        fast.getUpdater().getStateViewArray(),
        stock.getUpdater().getStateViewArray());
    assertThat(fast.score())
        .as(what + ": last score")
        .isCloseTo(stock.score(), offset(TOLERANCE * Math.abs(stock.score())));
    output(what + ", trained", fast, stock, data.apply(2));
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
      String what, MultiLayerNetwork fast, MultiLayerNetwork stock, DataSet data) {
    for (MultiLayerNetwork network : new MultiLayerNetwork[] {stock, fast}) {
      network.setInput(data.getFeatures());
      network.setLabels(data.getLabels());
      network.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
      Nd4j.getRandom().setSeed(3);
      network.computeGradientAndScore();
      network.clearLayerMaskArrays();
    }
    Map<String, INDArray> expected = stock.gradient().gradientForVariable();
    Map<String, INDArray> actual = fast.gradient().gradientForVariable();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, value) -> same(what + ": gradient " + name, actual.get(name), value));
    assertThat(fast.score())
        .as(what + ": score of a step")
        .isCloseTo(stock.score(), offset(TOLERANCE * Math.abs(stock.score())));
  }

  static void same(String what, INDArray actual, INDArray expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    double norm = expected.norm2Number().doubleValue();
    double difference = actual.sub(expected).norm2Number().doubleValue();
    assertThat(difference).as(what + ", norm " + norm).isLessThanOrEqualTo(TOLERANCE * norm + 1e-9);
  }
}
