package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Compares an accelerated network with the stock one: the oracle of the kernels. */
final class SameAsStock {
  /** Largest difference, relative to the norm of the stock result. */
  static final double TOLERANCE = 1e-5;

  private static final int STEPS = 20;

  private SameAsStock() {}

  /**
   * Asserts that outputs, score, every layer's gradient, the gradient at the input and the state
   * after 20 steps are the same, within {@link #TOLERANCE}.
   */
  static void check(String what, MultiLayerConfiguration configuration, InputType type, int batch) {
    MultiLayerNetwork stock = Nets.stock(configuration);
    MultiLayerNetwork fast = Nets.stock(configuration);
    KernelReport report = Accelerator.accelerate(fast);
    assertThat(report.accelerated()).as(report.toString()).isPositive();
    INDArray features = Nets.features(type, batch, 11);
    INDArray labels = Nets.labels(batch, 12);

    same(what + ": output", fast.output(features), stock.output(features));
    double score = stock.score(new DataSet(features, labels));
    assertThat(fast.score(new DataSet(features, labels)))
        .as(what + ": score")
        .isCloseTo(score, within(score));
    gradients(what, fast, stock, features, labels);
    inputGradient(what, fast, stock, features, labels);
    for (int step = 0; step < STEPS; step++) {
      INDArray x = Nets.features(type, batch, 100 + step);
      INDArray y = Nets.labels(batch, 200 + step);
      stock.fit(x, y);
      fast.fit(x, y);
    }
    same(what + ": parameters after " + STEPS, fast.params(), stock.params());
    INDArray state = stock.getUpdater().getStateViewArray();
    if (state != null) {
      same(what + ": updater after " + STEPS, fast.getUpdater().getStateViewArray(), state);
    }
  }

  private static void gradients(
      String what,
      MultiLayerNetwork fast,
      MultiLayerNetwork stock,
      INDArray features,
      INDArray labels) {
    for (MultiLayerNetwork network : new MultiLayerNetwork[] {stock, fast}) {
      network.setInput(features);
      network.setLabels(labels);
      network.computeGradientAndScore();
    }
    Map<String, INDArray> expected = stock.gradient().gradientForVariable();
    Map<String, INDArray> actual = fast.gradient().gradientForVariable();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    for (int i = 0; i < stock.getnLayers(); i++) {
      if (stock.getLayer(i).numParams() > 0) {
        same(
            what + ": gradient of layer " + i,
            fast.getLayer(i).getGradientsViewArray(),
            stock.getLayer(i).getGradientsViewArray());
      }
    }
  }

  private static void inputGradient(
      String what,
      MultiLayerNetwork fast,
      MultiLayerNetwork stock,
      INDArray features,
      INDArray labels) {
    same(
        what + ": gradient at the input",
        fast.calculateGradients(features, labels, null, null).getSecond(),
        stock.calculateGradients(features, labels, null, null).getSecond());
  }

  static void same(String what, INDArray actual, INDArray expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    double norm = expected.norm2Number().doubleValue();
    double difference = actual.sub(expected).norm2Number().doubleValue();
    assertThat(difference).as(what + ", norm " + norm).isLessThanOrEqualTo(TOLERANCE * norm + 1e-9);
  }

  private static org.assertj.core.data.Offset<Double> within(double value) {
    return org.assertj.core.data.Offset.offset(TOLERANCE * Math.abs(value));
  }
}
