package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Convolution equals stock DL4J's over the whole product of its modes. */
class ConvolutionKernelTest {
  private record Size(int height, int width) {
    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  private record Case(
      Size kernel,
      Size stride,
      int dilation,
      ConvolutionMode mode,
      boolean bias,
      CNN2DFormat format,
      int batch) {
    @Override
    public String toString() {
      return "%s stride %s dilation %d %s bias %s %s batch %d"
          .formatted(kernel, stride, dilation, mode, bias, format, batch);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    List<Size> kernels = List.of(new Size(1, 1), new Size(3, 3), new Size(5, 2));
    List<Size> strides = List.of(new Size(1, 1), new Size(2, 1));
    int i = 0;
    for (Size kernel : kernels) {
      for (Size stride : strides) {
        for (int dilation : new int[] {1, 2}) {
          for (ConvolutionMode mode : modes()) {
            int batch = new int[] {1, 3, 16, 8}[i % 4];
            boolean bias = i % 5 != 0;
            CNN2DFormat format = i % 2 == 0 ? CNN2DFormat.NCHW : CNN2DFormat.NHWC;
            Case c = new Case(kernel, stride, dilation, mode, bias, format, batch);
            boolean tooLarge = kernel.height == 5 && dilation == 2 && mode != ConvolutionMode.Same;
            if (!tooLarge) { // two layers would leave less than nothing of 13 rows
              cases.add(c);
            }
            i++;
          }
        }
      }
    }
    return cases.stream();
  }

  private static ConvolutionMode[] modes() {
    return new ConvolutionMode[] {
      ConvolutionMode.Strict, ConvolutionMode.Truncate, ConvolutionMode.Same
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoLayersEqualStock(Case c) {
    InputType input = InputType.convolutional(13, 13, 2, c.format);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            layer(c, 3, Activation.RELU),
            layer(c, 4, Activation.TANH));
    SameAsStock.check(c.toString(), configuration, input, c.batch);
  }

  private static ConvolutionLayer layer(Case c, int filters, Activation activation) {
    var layer =
        new ConvolutionLayer.Builder(c.kernel.height, c.kernel.width)
            .stride(c.stride.height, c.stride.width)
            .dilation(c.dilation, c.dilation)
            .convolutionMode(c.mode)
            .dataFormat(c.format)
            .hasBias(c.bias)
            .activation(activation)
            .nOut(filters);
    if (c.mode == ConvolutionMode.Truncate) {
      layer.padding(1, 1);
    }
    if (c.mode == ConvolutionMode.Strict) {
      layer.padding(strictPadding(c), 0);
    }
    return layer.build();
  }

  /** Padding with which a stride of two divides the height of 13, and that of the result. */
  private static int strictPadding(Case c) {
    if (c.mode != ConvolutionMode.Strict || c.stride.height == 1) {
      return 0;
    }
    return (c.kernel.height - 1) * c.dilation / 2;
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivationEqualsStock(Activation activation) {
    InputType input = InputType.convolutionalFlat(9, 8, 1);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            new ConvolutionLayer.Builder(3, 3).activation(activation).nOut(4).build(),
            new ConvolutionLayer.Builder(2, 2).activation(activation).nOut(3).build());
    SameAsStock.check(activation.toString(), configuration, input, 5);
  }

  static Stream<Activation> activations() {
    return Stream.of(
        Activation.IDENTITY,
        Activation.RELU,
        Activation.LEAKYRELU,
        Activation.TANH,
        Activation.SIGMOID);
  }

  @Test
  void manyTilesOfColumnsAndManyBlocksOfChannelsEqualStock() {
    InputType input = InputType.convolutional(9, 11, 37);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            new ConvolutionLayer.Builder(3, 3).activation(Activation.TANH).nOut(33).build(),
            new ConvolutionLayer.Builder(3, 3).activation(Activation.TANH).nOut(7).build());
    SameAsStock.check("wide", configuration, input, 67);
  }
}
