package io.lockstep.compute;

import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data for the kernels' tests. */
final class Nets {
  static final int CLASSES = 5;

  private Nets() {}

  /** {@code layers} and a softmax classifier on top. */
  static MultiLayerConfiguration configuration(InputType input, IUpdater updater, Layer... layers) {
    var list =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .weightInit(WeightInit.XAVIER)
            .biasInit(0.1)
            .updater(updater)
            .list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    list.layer(
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build());
    return list.setInputType(input).build();
  }

  static MultiLayerNetwork stock(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
    network.init();
    return network;
  }

  static MultiLayerNetwork accelerated(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = stock(configuration);
    Accelerator.accelerate(network);
    return network;
  }

  /** Values of which many are exactly zero, as in images of digits, so that maxima tie. */
  static INDArray features(InputType type, int batch, long seed) {
    long[] shape;
    if (type instanceof InputType.InputTypeConvolutional images) {
      boolean nchw = images.getFormat() == CNN2DFormat.NCHW;
      shape =
          nchw
              ? new long[] {batch, images.getChannels(), images.getHeight(), images.getWidth()}
              : new long[] {batch, images.getHeight(), images.getWidth(), images.getChannels()};
    } else {
      shape = new long[] {batch, type.arrayElementsPerExample()};
    }
    Random random = new Random(seed);
    float[] values = new float[(int) (batch * type.arrayElementsPerExample())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(3) == 0 ? 0f : (float) random.nextGaussian();
    }
    return Nd4j.create(values).reshape('c', shape);
  }

  static INDArray labels(int batch, long seed) {
    Random random = new Random(seed);
    INDArray labels = Nd4j.zeros(batch, CLASSES);
    for (int i = 0; i < batch; i++) {
      labels.putScalar(i, random.nextInt(CLASSES), 1.0);
    }
    return labels;
  }
}
