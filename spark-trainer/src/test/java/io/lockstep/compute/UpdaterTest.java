package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The fused Adam step equals ND4J's, and other optimizers stay what they are. */
class UpdaterTest {
  private static final InputType INPUT = InputType.feedForward(300);

  @Test
  void adamEqualsStockOverManySteps() {
    var configuration = Nets.configuration(INPUT, new Adam(1e-3, 0.8, 0.99, 1e-7), dense(9));
    var stock = Nets.stock(configuration).getUpdater();
    var network = Nets.stock(configuration);
    assertThat(Accelerator.accelerate(network).updater())
        .isEqualTo("updater: Adam in one fused pass");
    int length = (int) network.numParams();
    Nd4j.getRandom().setSeed(9);
    for (int step = 0; step < 50; step++) {
      INDArray gradient = Nd4j.randn(length).muli(Math.pow(10, step % 7 - 4));
      INDArray expected = step(stock, gradient, step);
      INDArray actual = step(network.getUpdater(), gradient, step);
      SameAsStock.same("update " + step, actual, expected);
    }
    SameAsStock.same("state", network.getUpdater().getStateViewArray(), stock.getStateViewArray());
  }

  private static INDArray step(Updater updater, INDArray gradient, int step) {
    var block = ((BaseMultiLayerUpdater<?>) updater).getUpdaterBlocks().get(0);
    INDArray update = gradient.dup();
    block.getGradientUpdater().applyUpdater(update, step, 0);
    return update;
  }

  /** A decay rate near one is where rounding it shows; the truth is DL4J's in double precision. */
  @Test
  void adamsUpdatesAreAsLongAsInDoublePrecision() {
    var configuration = Nets.configuration(INPUT, new Adam(1e-3), dense(9));
    var network = Nets.stock(configuration);
    Accelerator.accelerate(network);
    long length = network.numParams();
    GradientUpdater<?> exact =
        new Adam(1e-3).instantiate(Nd4j.zeros(DataType.DOUBLE, 1, 2 * length), true);
    Nd4j.getRandom().setSeed(9);
    for (int step = 0; step < 50; step++) {
      INDArray gradient = Nd4j.randn(1, length);
      INDArray expected = gradient.castTo(DataType.DOUBLE);
      exact.applyUpdater(expected, step, 0);
      INDArray actual = step(network.getUpdater(), gradient, step).castTo(DataType.DOUBLE);
      double ratio = actual.norm2Number().doubleValue() / expected.norm2Number().doubleValue();
      assertThat(ratio).as("update " + step).isCloseTo(1, within(5e-7));
    }
  }

  @Test
  void anotherOptimizerIsReportedAsStock() {
    var network = Nets.stock(Nets.configuration(INPUT, new Sgd(0.1), dense(2)));
    assertThat(Accelerator.accelerate(network).updater()).isEqualTo("updater: stock DL4J");
  }

  private static DenseLayer dense(int out) {
    return new DenseLayer.Builder().nOut(out).activation(Activation.TANH).build();
  }
}
