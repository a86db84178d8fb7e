package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of doubles, and arrays for them. */
final class Nets {
  static final int BATCH = 3;
  static final int INPUTS = 3;
  static final int UNITS = 2;
  static final int CLASSES = 2;
  static final int TIME = 5;

  private Nets() {}

  static GRU.Builder gru(boolean resetAfter) {
    return new GRU.Builder().nOut(UNITS).resetAfter(resetAfter).biasInit(0.3);
  }

  static NeuralNetConfiguration.Builder settings() {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .dataType(DataType.DOUBLE)
        .weightInit(new NormalDistribution(0, 0.6))
        .updater(new Sgd(1));
  }

  /** Layers, and a softmax at every step. */
  static MultiLayerConfiguration perStep(RNNFormat format, Layer... layers) {
    return stack(
        format,
        new RnnOutputLayer.Builder(LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .dataFormat(format)
            .build(),
        layers);
  }

  /** Layers of which the last leaves a row, and a softmax. */
  static MultiLayerConfiguration perSequence(RNNFormat format, Layer... layers) {
    return stack(
        format,
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build(),
        layers);
  }

  private static MultiLayerConfiguration stack(RNNFormat format, Layer output, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = settings().list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.layer(output).setInputType(InputType.recurrent(INPUTS, TIME, format)).build();
  }

  static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /** Compares the gradient of each parameter with finite differences. */
  static void checkGradients(MLNConfig check) {
    boolean right =
        GradientCheckUtil.checkGradients(
            check.epsilon(1e-6).maxRelError(1e-5).minAbsoluteError(1e-8));
    assertThat(right).as("see the log for each parameter").isTrue();
  }

  /** {@code [batch, size, time]}, or with time before size. */
  static INDArray inputs(RNNFormat format, int seed) {
    INDArray inputs = random(seed, BATCH, INPUTS, TIME);
    return format == RNNFormat.NCW ? inputs : inputs.permute(0, 2, 1).dup('c');
  }

  static INDArray labelsPerStep(RNNFormat format, int seed) {
    Random random = new Random(seed);
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, BATCH, CLASSES, TIME);
    for (int i = 0; i < BATCH; i++) {
      for (int t = 0; t < TIME; t++) {
        labels.putScalar(i, random.nextInt(CLASSES), t, 1);
      }
    }
    return format == RNNFormat.NCW ? labels : labels.permute(0, 2, 1).dup('c');
  }

  static INDArray labels(int seed) {
    Random random = new Random(seed);
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, BATCH, CLASSES);
    for (int i = 0; i < BATCH; i++) {
      labels.putScalar(i, random.nextInt(CLASSES), 1);
    }
    return labels;
  }

  static INDArray random(int seed, int... shape) {
    Random random = new Random(seed);
    INDArray array =
        Nd4j.create(DataType.DOUBLE, java.util.Arrays.stream(shape).asLongStream().toArray());
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
