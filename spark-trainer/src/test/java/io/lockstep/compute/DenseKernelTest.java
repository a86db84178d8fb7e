package io.lockstep.compute;

import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Fully connected layers equal stock DL4J's. */
class DenseKernelTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "1,7,3", "2,1,5", "5,13,4", "16,3,1", "33,64,17"})
  void everyShapeEqualsStock(int batch, int in, int out) {
    InputType input = InputType.feedForward(in);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            dense(out, Activation.TANH, true),
            dense(out + 1, Activation.RELU, false));
    SameAsStock.check("batch %d, %d to %d".formatted(batch, in, out), configuration, input, batch);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"IDENTITY", "RELU", "LEAKYRELU", "TANH", "SIGMOID"})
  void everyActivationEqualsStock(Activation activation) {
    InputType input = InputType.feedForward(9);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            dense(6, activation, true),
            dense(5, activation, true));
    SameAsStock.check(activation.toString(), configuration, input, 7);
  }

  @Test
  void dropoutDrawsTheSameNumbersAsStock() {
    InputType input = InputType.feedForward(9);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            dense(16, Activation.RELU, true),
            new DenseLayer.Builder().nOut(8).dropOut(new Dropout(0.5)).build());
    var stock = Nets.stock(configuration);
    var fast = Nets.accelerated(configuration);
    for (int step = 0; step < 5; step++) {
      var x = Nets.features(input, 6, step);
      var y = Nets.labels(6, step);
      Nd4j.getRandom().setSeed(1000 + step);
      stock.fit(x, y);
      Nd4j.getRandom().setSeed(1000 + step);
      fast.fit(x, y);
    }
    SameAsStock.same("parameters", fast.params(), stock.params());
  }

  @Test
  void adamWithRegularisationEqualsStock() {
    InputType input = InputType.feedForward(9);
    var configuration =
        Nets.configuration(
            input,
            new Adam(1e-3),
            new DenseLayer.Builder().nOut(8).l2(0.01).activation(Activation.TANH).build());
    SameAsStock.check("adam, l2", configuration, input, 6);
  }

  private static DenseLayer dense(int out, Activation activation, boolean bias) {
    return new DenseLayer.Builder().nOut(out).activation(activation).hasBias(bias).build();
  }
}
