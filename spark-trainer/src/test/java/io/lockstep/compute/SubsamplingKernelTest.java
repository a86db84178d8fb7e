package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Pooling equals stock DL4J's, with ties, padding and windows that overlap or leave gaps. */
class SubsamplingKernelTest {
  private record Size(int height, int width) {
    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  private record Case(
      PoolingType type,
      boolean countPadding,
      Size kernel,
      Size stride,
      int padding,
      ConvolutionMode mode,
      CNN2DFormat format,
      int batch) {
    @Override
    public String toString() {
      return "%s%s %s stride %s padding %d %s %s batch %d"
          .formatted(
              type,
              countPadding ? " counting padding" : "",
              kernel,
              stride,
              padding,
              mode,
              format,
              batch);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    List<List<Size>> windows =
        List.of(
            List.of(new Size(2, 2), new Size(2, 2)),
            List.of(new Size(3, 3), new Size(2, 2)),
            List.of(new Size(2, 3), new Size(1, 1)),
            List.of(new Size(2, 2), new Size(3, 4)),
            List.of(new Size(3, 2), new Size(3, 2)));
    int i = 0;
    for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG}) {
      for (List<Size> window : windows) {
        for (int padding : new int[] {0, 1}) {
          for (ConvolutionMode mode :
              new ConvolutionMode[] {ConvolutionMode.Truncate, ConvolutionMode.Same}) {
            CNN2DFormat format = i % 2 == 0 ? CNN2DFormat.NCHW : CNN2DFormat.NHWC;
            int batch = new int[] {1, 5, 16}[i % 3];
            if (mode == ConvolutionMode.Same && (padding == 1 || window.get(1).width == 4)) {
              continue; // Same ignores the padding; stock refuses to go back through gaps
            }
            boolean countPadding = type == PoolingType.AVG && i % 4 < 2;
            cases.add(
                new Case(
                    type,
                    countPadding,
                    window.get(0),
                    window.get(1),
                    padding,
                    mode,
                    format,
                    batch));
            i++;
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void betweenConvolutionsEqualsStock(Case c) {
    InputType input = InputType.convolutional(8, 9, 2, c.format);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            convolution(c.format, Activation.RELU),
            pooling(c),
            convolution(c.format, Activation.IDENTITY),
            pooling(c));
    SameAsStock.check(c.toString(), configuration, input, c.batch);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void asTheFirstLayerEqualsStock(Case c) {
    InputType input = InputType.convolutional(7, 9, 3, c.format);
    var configuration = Nets.configuration(input, new Nesterovs(0.005, 0.9), pooling(c));
    SameAsStock.check(c.toString(), configuration, input, c.batch);
  }

  private static ConvolutionLayer convolution(CNN2DFormat format, Activation activation) {
    return new ConvolutionLayer.Builder(2, 2)
        .dataFormat(format)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation)
        .nOut(3)
        .build();
  }

  private static SubsamplingLayer pooling(Case c) {
    return new SubsamplingLayer.Builder(c.type)
        .kernelSize(c.kernel.height, c.kernel.width)
        .stride(c.stride.height, c.stride.width)
        .padding(c.padding, c.padding)
        .convolutionMode(c.mode)
        .dataFormat(c.format)
        .avgPoolIncludePadInDivisor(c.countPadding)
        .build();
  }
}
