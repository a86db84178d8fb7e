package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Gradients against central differences of a loss that is computed here, from the definitions, in
 * double precision: convolution, tanh, pooling, softmax, cross-entropy. Neither DL4J nor the
 * kernels take part in the oracle.
 */
class FiniteDifferenceTest {
  private static final int SIZE = 8;
  private static final int CHANNELS = 2;
  private static final int FILTERS = 3;
  private static final int KERNEL = 3;
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @CsvSource({"1, 1, 0, MAX", "3, 1, 1, AVG", "5, 2, 0, AVG", "4, 2, 1, MAX"})
  void gradientsEqualCentralDifferences(int batch, int stride, int padding, PoolingType pooling) {
    InputType input = InputType.convolutional(SIZE, SIZE, CHANNELS);
    MultiLayerNetwork network =
        Nets.accelerated(
            Nets.configuration(
                input,
                new Sgd(0.1),
                new ConvolutionLayer.Builder(KERNEL, KERNEL)
                    .stride(stride, stride)
                    .padding(padding, padding)
                    .activation(Activation.TANH)
                    .nOut(FILTERS)
                    .build(),
                new SubsamplingLayer.Builder(pooling).kernelSize(2, 2).stride(1, 1).build()));
    INDArray x = Nets.features(input, batch, 5);
    INDArray y = Nets.labels(batch, 6);
    network.setInput(x);
    network.setLabels(y);
    network.computeGradientAndScore();
    Oracle oracle =
        new Oracle(
            batch, stride, padding, pooling, x.dup('c').data().asDouble(), y.toDoubleMatrix());
    double[] parameters = network.params().toDoubleVector();
    assertThat(network.score()).isCloseTo(oracle.loss(parameters), offset(1e-5));
    // DL4J divides the gradient by the batch only in its updater.
    double[] gradient = network.gradient().gradient().div(batch).data().asDouble();
    for (int i = 0; i < parameters.length; i++) {
      double there = parameters[i];
      parameters[i] = there + STEP;
      double above = oracle.loss(parameters);
      parameters[i] = there - STEP;
      double below = oracle.loss(parameters);
      parameters[i] = there;
      assertThat(gradient[i])
          .as("parameter " + i)
          .isCloseTo((above - below) / (2 * STEP), offset(2e-5));
    }
  }

  /** The loss as its definition says, for parameters in DL4J's flat order. */
  private static final class Oracle {
    private final int batch;
    private final int stride;
    private final int padding;
    private final PoolingType pooling;
    private final double[] images;
    private final double[][] labels;

    Oracle(
        int batch,
        int stride,
        int padding,
        PoolingType pooling,
        double[] images,
        double[][] labels) {
      this.batch = batch;
      this.stride = stride;
      this.padding = padding;
      this.pooling = pooling;
      this.images = images;
      this.labels = labels;
    }

    double loss(double[] parameters) {
      int out = (SIZE + 2 * padding - KERNEL) / stride + 1;
      double loss = 0;
      for (int n = 0; n < batch; n++) {
        loss += loss(parameters, n, pooled(convolved(parameters, n, out), out));
      }
      return loss / batch;
    }

    private double[] convolved(double[] parameters, int n, int out) {
      double[] result = new double[FILTERS * out * out];
      for (int f = 0; f < FILTERS; f++) {
        for (int y = 0; y < out; y++) {
          for (int x = 0; x < out; x++) {
            double sum = parameters[f];
            for (int c = 0; c < CHANNELS; c++) {
              for (int ky = 0; ky < KERNEL; ky++) {
                for (int kx = 0; kx < KERNEL; kx++) {
                  int weight = FILTERS + ((f * CHANNELS + c) * KERNEL + ky) * KERNEL + kx;
                  sum +=
                      parameters[weight]
                          * pixel(n, c, y * stride - padding + ky, x * stride - padding + kx);
                }
              }
            }
            result[(f * out + y) * out + x] = Math.tanh(sum);
          }
        }
      }
      return result;
    }

    private double pixel(int n, int c, int y, int x) {
      boolean inside = y >= 0 && y < SIZE && x >= 0 && x < SIZE;
      return inside ? images[((n * CHANNELS + c) * SIZE + y) * SIZE + x] : 0;
    }

    private double[] pooled(double[] image, int out) {
      int size = out - 1;
      double[] result = new double[FILTERS * size * size];
      for (int f = 0; f < FILTERS; f++) {
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            double a = image[(f * out + y) * out + x];
            double b = image[(f * out + y) * out + x + 1];
            double c = image[(f * out + y + 1) * out + x];
            double d = image[(f * out + y + 1) * out + x + 1];
            result[(f * size + y) * size + x] =
                pooling == PoolingType.MAX
                    ? Math.max(Math.max(a, b), Math.max(c, d))
                    : (a + b + c + d) / 4;
          }
        }
      }
      return result;
    }

    private double loss(double[] parameters, int n, double[] features) {
      int start = FILTERS + FILTERS * CHANNELS * KERNEL * KERNEL;
      double[] scores = new double[Nets.CLASSES];
      double sum = 0;
      for (int k = 0; k < Nets.CLASSES; k++) {
        scores[k] = parameters[start + features.length * Nets.CLASSES + k];
        for (int i = 0; i < features.length; i++) {
          scores[k] += features[i] * parameters[start + k * features.length + i];
        }
        sum += Math.exp(scores[k]);
      }
      double loss = 0;
      for (int k = 0; k < Nets.CLASSES; k++) {
        loss -= labels[n][k] * (scores[k] - Math.log(sum));
      }
      return loss;
    }
  }
}
