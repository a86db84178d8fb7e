package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.compute.InitialWeights;
import io.lockstep.data.InputException;
import io.lockstep.model.SequenceData.Kind;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers for sequences mean what Keras means, written out in loops. */
class KerasSequenceTest {
  private static final Kind FIXED = new Kind(false, false, true);
  private static final Kind RAGGED = new Kind(false, false, false);
  private static final int TIME = SequenceData.LONGEST;
  private static final int FEATURES = SequenceData.FEATURES;
  private static final String ROW = ", {dense: {units: 4, activation: softmax}}";

  private static MultiLayerNetwork network(String layers) {
    var configuration =
        (NetworkConfiguration.MultiLayer) SequenceData.configuration(FIXED, layers + ROW);
    var network = new MultiLayerNetwork(configuration.configuration());
    InitialWeights.init(network);
    return network;
  }

  private static INDArray input() {
    Nd4j.getRandom().setSeed(5);
    return Nd4j.rand(2, FEATURES, TIME).subi(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "valid, 3, 1, 1",
    "valid, 2, 2, 1",
    "valid, 3, 3, 1",
    "same, 3, 1, 1",
    "same, 4, 1, 1",
    "same, 3, 2, 1",
    "same, 4, 3, 1",
    "causal, 3, 1, 1",
    "causal, 2, 1, 3",
    "causal, 3, 2, 1"
  })
  void conv1d(String padding, int kernel, int stride, int dilation) {
    MultiLayerNetwork network =
        network(
            "{conv1d: {filters: 4, kernelSize: %d, strides: %d, padding: %s, dilationRate: %d}}, "
                    .formatted(kernel, stride, padding, dilation)
                + "globalMaxPooling1d");
    INDArray x = input();
    float[] w = Floats.read(network.getParam("0_W").dup('c')); // as Keras: kernel, input, output
    INDArray y = network.feedForward(x).get(1);
    int span = (kernel - 1) * dilation + 1;
    int out = padding.equals("valid") ? (TIME - span) / stride + 1 : (TIME + stride - 1) / stride;
    int before =
        switch (padding) {
          case "valid" -> 0;
          case "causal" -> span - 1;
          default -> Math.max(0, (out - 1) * stride + span - TIME) / 2;
        };
    assertThat(y.shape()).containsExactly(2, 4, out);
    for (int t = 0; t < out; t++) {
      for (int filter = 0; filter < 4; filter++) {
        double sum = 0;
        for (int k = 0; k < kernel; k++) {
          int at = t * stride - before + k * dilation;
          for (int j = 0; j < FEATURES && at >= 0 && at < TIME; j++) {
            sum += x.getDouble(1, j, at) * w[(k * FEATURES + j) * 4 + filter];
          }
        }
        assertThat(y.getDouble(1, filter, t)).as("step %d", t).isCloseTo(sum, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"valid, 2, 2", "valid, 3, 1", "same, 2, 2", "same, 3, 2"})
  void poolingOfWindows(String padding, int pool, int stride) {
    String keys = "{pool: %d, strides: %d, padding: %s}".formatted(pool, stride, padding);
    INDArray x = input();
    INDArray largest =
        network("{maxPooling1d: " + keys + "}, globalMaxPooling1d").feedForward(x).get(1);
    INDArray mean =
        network("{averagePooling1d: " + keys + "}, globalMaxPooling1d").feedForward(x).get(1);
    boolean valid = padding.equals("valid");
    int out = valid ? (TIME - pool) / stride + 1 : (TIME + stride - 1) / stride;
    int before = valid ? 0 : Math.max(0, (out - 1) * stride + pool - TIME) / 2;
    assertThat(largest.size(2)).isEqualTo(out);
    for (int t = 0; t < out; t++) {
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int count = 0;
      for (int at = t * stride - before; at < t * stride - before + pool; at++) {
        if (at >= 0 && at < TIME) {
          max = Math.max(max, x.getDouble(0, 1, at));
          sum += x.getDouble(0, 1, at);
          count++;
        }
      }
      assertThat(largest.getDouble(0, 1, t)).isCloseTo(max, within(1e-6));
      assertThat(mean.getDouble(0, 1, t)).isCloseTo(sum / count, within(1e-6));
    }
  }

  /** Keras' formulas; DL4J's columns are those of c, f, o and i. */
  @Test
  void theLastStepOfAnLstm() {
    int units = 5;
    MultiLayerNetwork network = network("{lstm: 5}");
    assertThat(network.getLayerWiseConfigurations().getConf(0).getLayer())
        .isInstanceOf(LastTimeStep.class);
    INDArray x = input();
    INDArray w = network.getParam("0_W");
    INDArray u = network.getParam("0_RW");
    INDArray b = network.getParam("0_b");
    double[] h = new double[units];
    double[] c = new double[units];
    DoubleUnaryOperator sigmoid = z -> 1 / (1 + Math.exp(-z));
    for (int t = 0; t < TIME; t++) {
      double[] z = new double[4 * units];
      for (int column = 0; column < z.length; column++) {
        z[column] = b.getDouble(column);
        for (int j = 0; j < FEATURES; j++) {
          z[column] += x.getDouble(0, j, t) * w.getDouble(j, column);
        }
        for (int j = 0; j < units; j++) {
          z[column] += h[j] * u.getDouble(j, column);
        }
      }
      for (int k = 0; k < units; k++) {
        c[k] =
            sigmoid.applyAsDouble(z[units + k]) * c[k]
                + sigmoid.applyAsDouble(z[3 * units + k]) * Math.tanh(z[k]);
        h[k] = sigmoid.applyAsDouble(z[2 * units + k]) * Math.tanh(c[k]);
      }
    }
    INDArray last = network.feedForward(x).get(1);
    for (int k = 0; k < units; k++) {
      assertThat(last.getDouble(0, k)).isCloseTo(h[k], within(1e-5));
    }
  }

  /** Glorot's limit is of all four gates' columns; DL4J's would be of other numbers. */
  @Test
  void weightsOfAnLstmAreDrawnAsKerasDrawsThem() {
    int units = 64;
    MultiLayerNetwork network = network("{lstm: 64}");
    double limit = Math.sqrt(6.0 / (FEATURES + 4 * units));
    double largest = network.getParam("0_W").amaxNumber().doubleValue();
    assertThat(largest).isBetween(0.95 * limit, limit);
    INDArray u = network.getParam("0_RW");
    assertThat(u.mmul(u.transpose()).sub(Nd4j.eye(units)).amaxNumber().doubleValue())
        .isCloseTo(0, within(1e-5));
    INDArray b = network.getParam("0_b");
    for (int i = 0; i < 4 * units; i++) {
      assertThat(b.getDouble(i)).isEqualTo(i / units == 1 ? 1 : 0);
    }
  }

  @Test
  void weightsOfAConvolutionAreDrawnAsKerasDrawsThem() {
    MultiLayerNetwork network =
        network("{conv1d: {filters: 50, kernelSize: 4, strides: 3}}, globalMaxPooling1d");
    double limit = Math.sqrt(6.0 / (4 * FEATURES + 4 * 50));
    assertThat(network.getParam("0_W").amaxNumber().doubleValue()).isBetween(0.95 * limit, limit);
  }

  /** Forwards first, then backwards, each where it ends. */
  @Test
  void theEndsOfBothDirections() {
    MultiLayerNetwork network = network("{bidirectional: {layer: {simpleRnn: 3}}}");
    INDArray x = input();
    INDArray ends = network.feedForward(x).get(1);
    assertThat(ends.shape()).containsExactly(2, 6);
    for (int direction = 0; direction < 2; direction++) {
      String prefix = direction == 0 ? "0_f" : "0_b";
      INDArray w = network.getParam(prefix + "W");
      INDArray u = network.getParam(prefix + "RW");
      double[] h = new double[3];
      for (int step = 0; step < TIME; step++) {
        double[] next = new double[3];
        for (int k = 0; k < 3; k++) {
          for (int j = 0; j < FEATURES; j++) {
            int at = direction == 0 ? step : TIME - 1 - step;
            next[k] += x.getDouble(0, j, at) * w.getDouble(j, k);
          }
          for (int j = 0; j < 3; j++) {
            next[k] += h[j] * u.getDouble(j, k);
          }
          next[k] = Math.tanh(next[k]);
        }
        h = next;
      }
      for (int k = 0; k < 3; k++) {
        assertThat(ends.getDouble(0, 3 * direction + k)).isCloseTo(h[k], within(1e-5));
      }
    }
  }

  /** As in Keras: what is made of the last step is put out first, and is not turned back. */
  @Test
  void theStepsOfALayerThatGoesBackwards() {
    MultiLayerNetwork network =
        network("{simpleRnn: {units: 3, goBackwards: true, returnSequences: true}}, {lstm: 2}");
    INDArray x = input();
    INDArray y = network.feedForward(x).get(2);
    INDArray w = network.getParam("1_W");
    INDArray u = network.getParam("1_RW");
    double[] h = new double[3];
    for (int taken = 0; taken < TIME; taken++) {
      double[] next = new double[3];
      for (int k = 0; k < 3; k++) {
        for (int j = 0; j < FEATURES; j++) {
          next[k] += x.getDouble(1, j, TIME - 1 - taken) * w.getDouble(j, k);
        }
        for (int j = 0; j < 3; j++) {
          next[k] += h[j] * u.getDouble(j, k);
        }
        next[k] = Math.tanh(next[k]);
        assertThat(y.getDouble(1, k, taken)).isCloseTo(next[k], within(1e-5));
      }
      h = next;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | true  | {lstm: 5} | model.layers.0 (lstm) puts out one row for a whole sequence, but the data has a label for each time step; set returnSequences: true
          false | true  | {lstm: {units: 5, returnSequences: true}}, globalMaxPooling1d | model.layers.1 (globalMaxPooling1d) puts out one row for a whole sequence, but the data has a label for each time step; take it out
          false | false | {bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}}} | model.layers.0 (bidirectional) puts out each time step, but the data has one label for an example; set returnSequences: false
          false | true  | {dense: 3}, {lstm: {units: 5, returnSequences: true, goBackwards: true}} | model.layers.1 (lstm) puts out the last time step first (goBackwards), but the labels of the data begin with that of the first step; take bidirectional, or another layer with goBackwards: true
          false | false | {dense: 5} | model.layers.1 (dense) makes an output for each time step, but the data has one label for an example; add a recurrent layer or a global pooling before it
          false | false | {lstm: 5}, {lstm: 5} | model.layers.1 (lstm) needs sequences (features x time), but gets rows of 5 numbers; set returnSequences: true in the recurrent layer before it
          false | false | {conv1d: {filters: 3, kernelSize: 2}}, {lstm: 5} | model.layers.0 (conv1d) gets sequences of different lengths
          false | false | {lstm: {units: 5, returnSequences: true}}, batchNormalization, {lstm: 5} | model.layers.1 (batchNormalization) gets sequences of different lengths
          false | false | {embedding: 5}, {lstm: 5} | model.layers.0 (embedding) needs tokens, but gets sequences of 3 x time
          true  | false | {lstm: 5} | model.layers.0 (lstm) needs numbers, but gets tokens; put an embedding before it
          true  | false | {embedding: {inputDim: 5, outputDim: 4}}, {lstm: 5} | model.layers.0 (embedding) has inputDim 5, but the data has 11 different tokens
          true  | false | {embedding: 4}, flatten | model.layers.1 (flatten) needs images or rows, but gets sequences of 4 x time
          true  | false | {embedding: 4}, {lstm: 3}, {repeatVector: 4}, {conv1d: {filters: 2, kernelSize: 2}}, {lstm: 2} | model.layers.3 (conv1d) cannot come after repeatVector
          false | true  | {lstm: 3}, {repeatVector: 4} | ends the network with 4 time steps for each example
          """)
  void whatDoesNotFitIsToldByItsLayer(
      boolean tokens, boolean perStep, String layers, String message) {
    assertThatThrownBy(
            () -> SequenceData.configuration(new Kind(tokens, perStep, false), layers + ROW))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("plan.yaml:5: model.layers")
        .hasMessageContaining(message);
  }

  @Test
  void anExampleOfOneLengthIsNotToBeShorterThanAWindow() {
    assertThatThrownBy(() -> network("{maxPooling1d: 8}, globalMaxPooling1d"))
        .hasMessageContaining("has a window of 8 steps, longer than its input of 7");
    assertThat(SequenceData.configuration(RAGGED, "{lstm: 3}" + ROW)).isNotNull();
  }
}
