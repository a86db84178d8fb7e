package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Batch normalisation, and activation layers after it, equal stock DL4J's. */
class BatchNormalizationKernelTest {
  @ParameterizedTest
  @CsvSource({
    "NCHW, true, 2, TANH",
    "NCHW, false, 7, SIGMOID",
    "NCHW, true, 16, LEAKYRELU",
    "NHWC, false, 16, TANH",
    "NHWC, true, 5, IDENTITY"
  })
  void overImagesEqualsStock(CNN2DFormat format, boolean log, int batch, Activation activation) {
    InputType input = InputType.convolutional(7, 6, 2, format);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            convolution(format),
            normalization(log, format),
            new ActivationLayer(activation),
            convolution(format),
            normalization(log, format));
    SameAsStock.check(format + " " + activation, configuration, input, batch);
  }

  @ParameterizedTest
  @CsvSource({"4, true", "9, false", "32, true"})
  void overFeaturesEqualsStock(int batch, boolean log) {
    InputType input = InputType.feedForward(11);
    var configuration =
        Nets.configuration(
            input,
            new Nesterovs(0.005, 0.9),
            new DenseLayer.Builder().nOut(6).activation(Activation.IDENTITY).build(),
            normalization(log, CNN2DFormat.NCHW),
            new ActivationLayer(Activation.TANH));
    SameAsStock.check("features, batch " + batch, configuration, input, batch);
  }

  private static ConvolutionLayer convolution(CNN2DFormat format) {
    return new ConvolutionLayer.Builder(3, 3)
        .padding(1, 1)
        .dataFormat(format)
        .activation(Activation.IDENTITY)
        .nOut(4)
        .build();
  }

  private static BatchNormalization normalization(boolean log, CNN2DFormat format) {
    BatchNormalization layer =
        new BatchNormalization.Builder().useLogStd(log).eps(1e-3).decay(0.9).build();
    layer.setCnn2DFormat(format);
    return layer;
  }
}
