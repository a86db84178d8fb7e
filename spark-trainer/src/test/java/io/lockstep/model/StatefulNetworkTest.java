package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.compute.Accelerator;
import io.lockstep.data.InputException;
import io.lockstep.layers.GRU;
import io.lockstep.layers.ReverseTimeSeries;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A window that begins with stored state is computed as a part of the whole sequence, and its
 * gradient is that of the window's loss with the state as a constant.
 */
class StatefulNetworkTest {
  private static final int ROWS = 3;
  private static final int FEATURES = 2;
  private static final int WINDOW = 4;

  /** Stacks of recurrent layers. */
  enum Stack {
    LSTMS {
      @Override
      List<Layer> layers() {
        return List.of(lstm(4), lstm(3));
      }
    },
    SIMPLE_RNNS {
      @Override
      List<Layer> layers() {
        return List.of(simpleRnn(4), simpleRnn(3));
      }
    },
    GRUS {
      @Override
      List<Layer> layers() {
        return List.of(
            new GRU.Builder().nOut(4).build(), new GRU.Builder().nOut(3).resetAfter(false).build());
      }
    },
    MIXED {
      @Override
      List<Layer> layers() {
        return List.of(simpleRnn(3), lstm(4));
      }
    };

    abstract List<Layer> layers();
  }

  private static Layer lstm(int units) {
    return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static Layer simpleRnn(int units) {
    return new SimpleRnn.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static MultiLayerConfiguration configuration(List<Layer> layers, DataType type) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).dataType(type).updater(new Sgd(0.1)).list();
    layers.forEach(list::layer);
    return list.layer(
            new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.recurrent(FEATURES))
        .build();
  }

  private static StatefulNetwork stateful(Stack stack, boolean fast) {
    var network = new StatefulNetwork(configuration(stack.layers(), DataType.FLOAT));
    network.init();
    if (fast) {
      Accelerator.accelerate(network);
    }
    return network;
  }

  private static INDArray numbers(int steps) {
    return Nd4j.create(random(ROWS * FEATURES * steps), new int[] {ROWS, FEATURES, steps}, 'c');
  }

  private static float[] random(int length) {
    var random = new Random(9);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static INDArray labels() {
    INDArray labels = Nd4j.zeros(DataType.FLOAT, ROWS, 2, WINDOW);
    for (int row = 0; row < ROWS; row++) {
      for (int step = 0; step < WINDOW; step++) {
        labels.putScalar(row, (row + step) % 2, step, 1);
      }
    }
    return labels;
  }

  private static INDArray window(INDArray whole, int number) {
    return whole
        .get(
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(number * WINDOW, (number + 1) * WINDOW))
        .dup();
  }

  @ParameterizedTest
  @EnumSource
  void windowsGiveWhatTheWholeSequenceGives(Stack stack) {
    INDArray whole = numbers(3 * WINDOW);
    for (boolean fast : new boolean[] {true, false}) {
      StatefulNetwork network = stateful(stack, fast);
      var plain = new MultiLayerNetwork(configuration(stack.layers(), DataType.FLOAT));
      plain.init(network.params(), true);
      INDArray expected = plain.output(whole);
      for (int number = 0; number < 3; number++) {
        INDArray got = network.output(window(whole, number), false, null, null);
        assertThat(got.distance2(window(expected, number))).isLessThan(1e-5);
      }
    }
  }

  /** The oracle runs in double precision and goes on by DL4J's own rnnTimeStep. */
  @ParameterizedTest
  @EnumSource
  void theGradientIsThatOfTheWindowFromItsState(Stack stack) {
    for (boolean fast : new boolean[] {true, false}) {
      if (!fast && stack != Stack.LSTMS) {
        continue; // DL4J's own SimpleRnn forgets the state on the way back: refused
      }
      INDArray whole = numbers(2 * WINDOW);
      StatefulNetwork network = stateful(stack, fast);
      network.output(window(whole, 0), false, null, null);
      network.setInput(window(whole, 1));
      network.setLabels(labels());
      network.computeGradientAndScore();
      INDArray gradient = network.gradient().gradient();

      var exact = new MultiLayerNetwork(configuration(stack.layers(), DataType.DOUBLE));
      exact.init(network.params().castTo(DataType.DOUBLE), true);
      exact.rnnTimeStep(window(whole, 0).castTo(DataType.DOUBLE));
      var states = List.of(exact.rnnGetPreviousState(0), exact.rnnGetPreviousState(1));
      INDArray window = window(whole, 1).castTo(DataType.DOUBLE);
      for (long i = 0; i < exact.numParams(); i++) {
        double at = exact.params().getDouble(i);
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
          exact.params().putScalar(i, at + (side == 0 ? 1e-5 : -1e-5));
          exact.rnnSetPreviousState(0, states.get(0));
          exact.rnnSetPreviousState(1, states.get(1));
          losses[side] = loss(exact.rnnTimeStep(window));
        }
        exact.params().putScalar(i, at);
        assertThat((double) gradient.getFloat(i))
            .as("%s, parameter %d", fast ? "fast" : "stock", i)
            .isCloseTo((losses[0] - losses[1]) / 2e-5, within(2e-5));
      }
    }
  }

  private static double loss(INDArray outputs) {
    INDArray labels = labels();
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int step = 0; step < WINDOW; step++) {
        int label = labels.getDouble(row, 1, step) == 1 ? 1 : 0;
        sum -= Math.log(outputs.getDouble(row, label, step));
      }
    }
    return sum;
  }

  @Test
  void whatItCarriesIsAllThatItRemembers() {
    INDArray whole = numbers(3 * WINDOW);
    StatefulNetwork network = stateful(Stack.MIXED, true);
    assertThat(network.carry()).isEmpty();
    network.output(window(whole, 0), false, null, null);
    float[] carry = network.carry();
    assertThat(carry).hasSize(ROWS * (3 + 2 * 4));
    INDArray expected = network.output(window(whole, 1), false, null, null);

    StatefulNetwork other = stateful(Stack.MIXED, true);
    other.output(window(whole, 2), false, null, null);
    other.carry(carry);
    assertThat(other.output(window(whole, 1), false, null, null)).isEqualTo(expected);
    assertThat(other.carry()).isEqualTo(network.carry());
    assertThatThrownBy(() -> other.carry(new float[7]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFirstRowsGoOnWhenTheLastHaveEnded() {
    INDArray whole = numbers(2 * WINDOW);
    StatefulNetwork network = stateful(Stack.LSTMS, true);
    network.output(window(whole, 0), false, null, null);
    float[] carry = network.carry();
    INDArray all = network.output(window(whole, 1), false, null, null);
    network.carry(carry);
    INDArray two = rows(window(whole, 1), 2);

    INDArray got = network.output(two, false, null, null);

    assertThat(got.distance2(rows(all, 2))).isLessThan(1e-6);
  }

  private static INDArray rows(INDArray array, int count) {
    return array.get(NDArrayIndex.interval(0, count), NDArrayIndex.all(), NDArrayIndex.all()).dup();
  }

  @Test
  void theSavedConfigurationIsDl4jsOwn() {
    StatefulNetwork network = stateful(Stack.LSTMS, true);
    network.setInput(numbers(WINDOW));
    network.setLabels(labels());
    network.computeGradientAndScore();

    var plain = new MultiLayerNetwork(configuration(Stack.LSTMS.layers(), DataType.FLOAT));
    plain.init();
    assertThat(network.getLayerWiseConfigurations().toJson())
        .isEqualTo(plain.getLayerWiseConfigurations().toJson());
  }

  @Test
  void layersThatCannotGoOnAreRefusedByName() {
    refused("bidirectional", Kernels.AUTO, new Bidirectional(lstm(3)));
    refused("goBackwards", Kernels.AUTO, new ReverseTimeSeries(), lstm(3));
    refused("LastTimeStep", Kernels.AUTO, new LastTimeStep(lstm(3)));
    refused("compute.kernels: auto", Kernels.STOCK, simpleRnn(3));
    refused("recurrent layer", Kernels.AUTO);
  }

  private static void refused(String word, Kernels kernels, Layer... layers) {
    var network =
        new NetworkConfiguration.MultiLayer(configuration(List.of(layers), DataType.FLOAT));
    assertThatThrownBy(() -> StatefulCheck.check(network, kernels, "training.stateful"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("training.stateful: ")
        .hasMessageContaining(word);
  }
}
