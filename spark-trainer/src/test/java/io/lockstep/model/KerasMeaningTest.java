package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.Labels;
import io.lockstep.model.layer.Functions;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LossPlan;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What DL4J computes is what Keras' documentation says of the words, by plain Java formulas. */
class KerasMeaningTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 7;
  private static final int WIDTH = 6;

  /** A network that ends in the given layers' output, flattened: its loss does not matter. */
  private static MultiLayerNetwork network(String layer, int[] shape, int outputs) {
    List<String> names =
        java.util.stream.IntStream.range(0, outputs).mapToObj(i -> "t" + i).toList();
    return NetworkBuilderTest.network(
        "- " + layer + "\n- flatten", shape, new Labels.Targets(names), "mse");
  }

  private static INDArray image() {
    return Nd4j.rand(DataType.FLOAT, 1, CHANNELS, HEIGHT, WIDTH).subi(0.5);
  }

  /** Keras' zeros before the first value. */
  private static int before(String padding, int in, int window, int stride) {
    int out = (in + stride - 1) / stride;
    int total = Math.max((out - 1) * stride + window - in, 0);
    return padding.equals("same") ? total / 2 : 0;
  }

  private static int places(String padding, int in, int window, int stride) {
    return padding.equals("same") ? (in + stride - 1) / stride : (in - window) / stride + 1;
  }

  @ParameterizedTest
  @CsvSource({
    "valid, 3, 2, 1, 1, 1",
    "valid, 3, 2, 2, 1, 1",
    "same, 3, 2, 1, 1, 1",
    "same, 3, 4, 2, 3, 1",
    "same, 2, 2, 2, 2, 1",
    "valid, 2, 2, 1, 1, 2",
    "same, 3, 3, 1, 1, 2"
  })
  void convolutionIsKeras(String padding, int kh, int kw, int sh, int sw, int dilation) {
    int fh = (kh - 1) * dilation + 1;
    int fw = (kw - 1) * dilation + 1;
    int oh = places(padding, HEIGHT, fh, sh);
    int ow = places(padding, WIDTH, fw, sw);
    int filters = 3;
    MultiLayerNetwork network =
        network(
            String.format(
                "conv2d: {filters: 3, kernel: [%d, %d], strides: [%d, %d], padding: %s, dilation:"
                    + " %d, biasInitializer: 0.1}",
                kh, kw, sh, sw, padding, dilation),
            new int[] {CHANNELS, HEIGHT, WIDTH},
            filters * oh * ow);
    INDArray weights = network.getLayer(0).getParam("W");
    INDArray image = image();
    INDArray output = network.output(image);
    for (int f = 0; f < filters; f++) {
      for (int y = 0; y < oh; y++) {
        for (int x = 0; x < ow; x++) {
          double sum = 0.1;
          for (int c = 0; c < CHANNELS; c++) {
            for (int i = 0; i < kh; i++) {
              for (int j = 0; j < kw; j++) {
                int yy = y * sh + i * dilation - before(padding, HEIGHT, fh, sh);
                int xx = x * sw + j * dilation - before(padding, WIDTH, fw, sw);
                if (yy >= 0 && yy < HEIGHT && xx >= 0 && xx < WIDTH) {
                  sum += weights.getDouble(f, c, i, j) * image.getDouble(0, c, yy, xx);
                }
              }
            }
          }
          assertThat(output.getDouble(0, (f * oh + y) * ow + x)).isCloseTo(sum, within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"valid, 2, 2", "valid, 3, 2", "same, 2, 2", "same, 3, 2", "same, 3, 1"})
  void poolingIsKeras(String padding, int pool, int stride) {
    int oh = places(padding, HEIGHT, pool, stride);
    int ow = places(padding, WIDTH, pool, stride);
    String keys = String.format("{pool: %d, strides: %d, padding: %s}", pool, stride, padding);
    int[] shape = {CHANNELS, HEIGHT, WIDTH};
    INDArray image = image();
    INDArray max = network("maxPooling2d: " + keys, shape, CHANNELS * oh * ow).output(image);
    INDArray mean = network("averagePooling2d: " + keys, shape, CHANNELS * oh * ow).output(image);
    for (int c = 0; c < CHANNELS; c++) {
      for (int y = 0; y < oh; y++) {
        for (int x = 0; x < ow; x++) {
          double largest = Double.NEGATIVE_INFINITY;
          double sum = 0;
          int count = 0;
          for (int i = 0; i < pool; i++) {
            for (int j = 0; j < pool; j++) {
              int yy = y * stride + i - before(padding, HEIGHT, pool, stride);
              int xx = x * stride + j - before(padding, WIDTH, pool, stride);
              if (yy >= 0 && yy < HEIGHT && xx >= 0 && xx < WIDTH) {
                largest = Math.max(largest, image.getDouble(0, c, yy, xx));
                sum += image.getDouble(0, c, yy, xx);
                count++;
              }
            }
          }
          int at = (c * oh + y) * ow + x;
          assertThat(max.getDouble(0, at)).isCloseTo(largest, within(1e-6));
          assertThat(mean.getDouble(0, at)).isCloseTo(sum / count, within(1e-6));
        }
      }
    }
  }

  @Test
  void depthwiseAndSeparableConvolutionAreKeras() {
    int[] shape = {CHANNELS, 3, 3};
    INDArray image = Nd4j.rand(DataType.FLOAT, 1, CHANNELS, 3, 3);
    MultiLayerNetwork depthwise =
        network("depthwiseConv2d: {kernel: 3, depthMultiplier: 2}", shape, 4);
    INDArray weights = depthwise.getLayer(0).getParam("W"); // [height, width, channels, multiplier]
    INDArray output = depthwise.output(image);
    double[] each = new double[4];
    for (int c = 0; c < CHANNELS; c++) {
      for (int m = 0; m < 2; m++) {
        for (int i = 0; i < 9; i++) {
          each[2 * c + m] +=
              weights.getDouble(i / 3, i % 3, c, m) * image.getDouble(0, c, i / 3, i % 3);
        }
        assertThat(output.getDouble(0, 2 * c + m)).isCloseTo(each[2 * c + m], within(1e-5));
      }
    }
    MultiLayerNetwork separable = network("separableConv2d: {filters: 3, kernel: 3}", shape, 3);
    INDArray depth = separable.getLayer(0).getParam("W"); // [multiplier, channels, height, width]
    INDArray point = separable.getLayer(0).getParam("pW"); // [filters, channels, 1, 1]
    for (int f = 0; f < 3; f++) {
      double sum = 0;
      for (int c = 0; c < CHANNELS; c++) {
        for (int i = 0; i < 9; i++) {
          sum +=
              point.getDouble(f, c, 0, 0)
                  * depth.getDouble(0, c, i / 3, i % 3)
                  * image.getDouble(0, c, i / 3, i % 3);
        }
      }
      assertThat(separable.output(image).getDouble(0, f)).isCloseTo(sum, within(1e-5));
    }
  }

  @Test
  void denseIsKeras() {
    MultiLayerNetwork network =
        network("dense: {units: 3, activation: relu, biasInitializer: 0.2}", new int[] {4}, 3);
    INDArray weights = network.getLayer(0).getParam("W"); // [inputs, units]
    INDArray row = Nd4j.createFromArray(new float[][] {{1, -2, 0.5f, 3}});
    for (int u = 0; u < 3; u++) {
      double sum = 0.2;
      for (int i = 0; i < 4; i++) {
        sum += row.getDouble(0, i) * weights.getDouble(i, u);
      }
      assertThat(network.output(row).getDouble(0, u)).isCloseTo(Math.max(0, sum), within(1e-5));
    }
  }

  @Test
  void flattenBeforeNormalizationGivesEachPixelItsOwnStatistics() {
    String layers = "- flatten\n- batchNormalization\n- dense: 1";
    MultiLayerNetwork network =
        NetworkBuilderTest.network(
            layers, new int[] {2, 3, 3}, new Labels.Targets(List.of("y")), "mse");
    assertThat(network.getLayer(0).numParams()).isEqualTo(4 * 18);
    assertThat(network.output(Nd4j.rand(DataType.FLOAT, 2, 2, 3, 3)).shape()).containsExactly(2, 1);
  }

  /** Keras divides by the root of the variance and epsilon; the variance is over n, not n - 1. */
  @Test
  void layerNormalizationTakesEachRowByItself() {
    MultiLayerNetwork network = network("layerNormalization", new int[] {4}, 4);
    INDArray rows = Nd4j.createFromArray(new float[][] {{1, -2, 0.5f, 3}, {9, 9, 9, 9}});
    INDArray output = network.output(rows);
    double mean = 2.5 / 4;
    double variance = (1 + 4 + 0.25 + 9) / 4 - mean * mean;
    for (int i = 0; i < 4; i++) {
      assertThat(output.getDouble(0, i))
          .isCloseTo((rows.getDouble(0, i) - mean) / Math.sqrt(variance + 0.001), within(1e-5));
      assertThat(output.getDouble(1, i)).isZero();
    }
  }

  @Test
  void dropoutDropsItsRateAndOnlyInTraining() {
    MultiLayerNetwork network = network("dropout: 0.2", new int[] {10_000}, 10_000);
    INDArray ones = Nd4j.ones(DataType.FLOAT, 1, 10_000);
    INDArray trained = network.output(ones.dup(), true);
    double kept = trained.gt(0).castTo(DataType.FLOAT).sumNumber().doubleValue() / 10_000;
    assertThat(kept).isCloseTo(0.8, within(0.02));
    assertThat(trained.maxNumber().doubleValue()).isCloseTo(1 / 0.8, within(1e-5));
    assertThat(network.output(ones, false)).isEqualTo(ones);
  }

  static Stream<Arguments> activations() {
    return Stream.of(
        Arguments.of(ActivationPlan.Plain.LINEAR, (DoubleUnaryOperator) x -> x),
        Arguments.of(ActivationPlan.Plain.RELU, (DoubleUnaryOperator) x -> Math.max(x, 0)),
        Arguments.of(
            ActivationPlan.Plain.RELU6, (DoubleUnaryOperator) x -> Math.min(Math.max(x, 0), 6)),
        Arguments.of(ActivationPlan.Plain.SIGMOID, (DoubleUnaryOperator) KerasMeaningTest::sigmoid),
        Arguments.of(
            ActivationPlan.Plain.HARD_SIGMOID,
            (DoubleUnaryOperator) x -> Math.min(Math.max(0.2 * x + 0.5, 0), 1)),
        Arguments.of(ActivationPlan.Plain.TANH, (DoubleUnaryOperator) Math::tanh),
        Arguments.of(
            ActivationPlan.Plain.HARD_TANH,
            (DoubleUnaryOperator) x -> Math.min(Math.max(x, -1), 1)),
        Arguments.of(
            ActivationPlan.Plain.SOFTPLUS, (DoubleUnaryOperator) x -> Math.log1p(Math.exp(x))),
        Arguments.of(
            ActivationPlan.Plain.SOFTSIGN, (DoubleUnaryOperator) x -> x / (1 + Math.abs(x))),
        Arguments.of(
            ActivationPlan.Plain.SELU,
            (DoubleUnaryOperator)
                x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
        Arguments.of(ActivationPlan.Plain.GELU, (DoubleUnaryOperator) x -> x * sigmoid(1.702 * x)),
        Arguments.of(ActivationPlan.Plain.SWISH, (DoubleUnaryOperator) x -> x * sigmoid(x)),
        Arguments.of(
            ActivationPlan.Plain.MISH,
            (DoubleUnaryOperator) x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
        Arguments.of(
            new ActivationPlan.LeakyRelu(0.3), (DoubleUnaryOperator) x -> x > 0 ? x : 0.3 * x),
        Arguments.of(
            ActivationPlan.Plain.ELU, (DoubleUnaryOperator) x -> x > 0 ? x : Math.expm1(x)),
        Arguments.of(
            new ActivationPlan.ThresholdedRelu(0.4), (DoubleUnaryOperator) x -> x > 0.4 ? x : 0));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activationsAndTheirSlopesAreKeras(ActivationPlan plan, DoubleUnaryOperator formula) {
    double[] values = {-7.3, -2.1, -1.2, -0.35, 0.15, 0.55, 0.95, 2.2, 6.6};
    IActivation activation = Functions.activation(plan);
    INDArray outputs = activation.getActivation(Nd4j.createFromArray(values).reshape(1, 9), true);
    INDArray slopes =
        activation
            .backprop(Nd4j.createFromArray(values).reshape(1, 9), Nd4j.ones(DataType.DOUBLE, 1, 9))
            .getFirst();
    for (int i = 0; i < values.length; i++) {
      double x = values[i];
      double slope = (formula.applyAsDouble(x + 1e-5) - formula.applyAsDouble(x - 1e-5)) / 2e-5;
      assertThat(outputs.getDouble(i))
          .as("at %s", x)
          .isCloseTo(formula.applyAsDouble(x), within(1e-4));
      assertThat(slopes.getDouble(i)).as("slope at %s", x).isCloseTo(slope, within(1e-3));
    }
  }

  @ParameterizedTest
  @EnumSource(LossPlan.class)
  void lossesAreAsDocumented(LossPlan plan) {
    double[][] y = {{0.2, 0.7, 0.1}, {0.5, 0.25, 0.25}};
    double[][] p = {{0.3, 0.6, 0.1}, {0.2, 0.3, 0.5}};
    if (plan == LossPlan.HINGE || plan == LossPlan.SQUARED_HINGE) {
      y = new double[][] {{-1, 1, -1}, {1, -1, -1}};
    }
    ILossFunction loss = Functions.loss(plan, 3);
    double expected = (example(plan, y[0], p[0]) + example(plan, y[1], p[1])) / 2;
    double actual =
        loss.computeScore(
            Nd4j.createFromArray(y), Nd4j.createFromArray(p), new ActivationIdentity(), null, true);
    assertThat(actual).isCloseTo(expected, within(1e-6));
    INDArray gradient =
        loss.computeGradient(
            Nd4j.createFromArray(y), Nd4j.createFromArray(p), new ActivationIdentity(), null);
    for (int i = 0; i < 6; i++) {
      double[] row = p[i / 3];
      double value = row[i % 3];
      row[i % 3] = value + 1e-6;
      double above = example(plan, y[i / 3], row);
      row[i % 3] = value - 1e-6;
      double below = example(plan, y[i / 3], row);
      row[i % 3] = value;
      assertThat(gradient.getDouble(i / 3, i % 3)).isCloseTo((above - below) / 2e-6, within(1e-4));
    }
  }

  /** Loss of one example, as docs/configuration.md gives it. */
  private static double example(LossPlan plan, double[] y, double[] p) {
    double sum = 0;
    double yy = 0;
    double pp = 0;
    double yp = 0;
    for (int i = 0; i < y.length; i++) {
      yy += y[i] * y[i];
      pp += p[i] * p[i];
      yp += y[i] * p[i];
      double hinge = Math.max(0, 1 - y[i] * p[i]);
      sum +=
          switch (plan) {
            case CATEGORICAL_CROSSENTROPY -> -y[i] * Math.log(p[i]);
            case BINARY_CROSSENTROPY ->
                -(y[i] * Math.log(p[i]) + (1 - y[i]) * Math.log(1 - p[i])) / y.length;
            case MSE -> (p[i] - y[i]) * (p[i] - y[i]) / y.length;
            case MAE -> Math.abs(p[i] - y[i]) / y.length;
            case MAPE -> 100 * Math.abs((y[i] - p[i]) / y[i]) / y.length;
            case MSLE -> Math.pow(Math.log1p(p[i]) - Math.log1p(y[i]), 2) / y.length;
            case HINGE -> hinge;
            case SQUARED_HINGE -> hinge * hinge;
            case KL_DIVERGENCE -> y[i] * Math.log(y[i] / p[i]);
            case POISSON -> p[i] - y[i] * Math.log(p[i]);
            case COSINE_SIMILARITY -> 0;
          };
    }
    return plan == LossPlan.COSINE_SIMILARITY ? -yp / Math.sqrt(yy * pp) : sum;
  }

  @Test
  void l2AddsTheSumOfSquaresTimesItsFactor() {
    MultiLayerNetwork plain = network("dense: {units: 2}", new int[] {3}, 2);
    MultiLayerNetwork penalised = network("dense: {units: 2, l2: 0.1}", new int[] {3}, 2);
    DataSet data = new DataSet(Nd4j.ones(DataType.FLOAT, 1, 3), Nd4j.ones(DataType.FLOAT, 1, 2));
    INDArray weights = plain.getLayer(0).getParam("W");
    double squares = weights.mul(weights).sumNumber().doubleValue();
    assertThat(penalised.score(data) - plain.score(data)).isCloseTo(0.1 * squares, within(1e-5));
  }

  static Stream<Arguments> initializers() {
    double in = 300;
    double out = 200;
    return Stream.of(
        Arguments.of(InitializerPlan.Plain.GLOROT_UNIFORM, Math.sqrt(2 / (in + out)), Math.sqrt(3)),
        Arguments.of(InitializerPlan.Plain.GLOROT_NORMAL, Math.sqrt(2 / (in + out)), 2 / 0.8796),
        Arguments.of(InitializerPlan.Plain.HE_UNIFORM, Math.sqrt(2 / in), Math.sqrt(3)),
        Arguments.of(InitializerPlan.Plain.HE_NORMAL, Math.sqrt(2 / in), 2 / 0.8796),
        Arguments.of(InitializerPlan.Plain.LECUN_UNIFORM, Math.sqrt(1 / in), Math.sqrt(3)),
        Arguments.of(InitializerPlan.Plain.LECUN_NORMAL, Math.sqrt(1 / in), 2 / 0.8796),
        Arguments.of(new InitializerPlan.RandomNormal(0, 0.05), 0.05, 6),
        Arguments.of(new InitializerPlan.TruncatedNormal(0, 0.05), 0.05 * 0.8796, 2 / 0.8796),
        Arguments.of(
            new InitializerPlan.RandomUniform(-0.05, 0.05), 0.05 / Math.sqrt(3), Math.sqrt(3)));
  }

  /**
   * @param limit largest magnitude, in deviations
   */
  @ParameterizedTest
  @MethodSource("initializers")
  void initializersDrawAsKeras(InitializerPlan plan, double deviation, double limit) {
    Nd4j.getRandom().setSeed(5);
    INDArray view = Nd4j.create(DataType.FLOAT, 60_000);
    INDArray weights = Functions.initializer(plan).init(300, 200, new long[] {300, 200}, 'f', view);
    assertThat(weights.meanNumber().doubleValue()).isCloseTo(0, within(0.02 * deviation));
    assertThat(weights.stdNumber().doubleValue()).isCloseTo(deviation, within(0.02 * deviation));
    assertThat(weights.amaxNumber().doubleValue()).isLessThan(1.001 * limit * deviation);
    Nd4j.getRandom().setSeed(5);
    INDArray again =
        Functions.initializer(plan)
            .init(300, 200, new long[] {300, 200}, 'f', Nd4j.create(DataType.FLOAT, 60_000));
    assertThat(again).isEqualTo(weights);
  }

  @Test
  void orthogonalWeightsAreOrthogonal() {
    Nd4j.getRandom().setSeed(5);
    INDArray w =
        Functions.initializer(new InitializerPlan.Orthogonal(1))
            .init(20, 20, new long[] {20, 20}, 'f', Nd4j.create(DataType.FLOAT, 400));
    assertThat(w.transpose().mmul(w).sub(Nd4j.eye(20)).amaxNumber().doubleValue())
        .isCloseTo(0, within(1e-4));
  }
}
