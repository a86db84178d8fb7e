package io.lockstep.compute;

import io.lockstep.layers.GRU;
import java.util.Random;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data of sequences for the recurrent kernels' tests. */
final class SequenceNets {
  /** Length of truncated backpropagation where it is asked for. */
  static final int TRUNCATED = 4;

  private SequenceNets() {}

  /** The shape of a minibatch of sequences. */
  record Shape(int inputs, int units, int classes, int batch, int steps) {
    @Override
    public String toString() {
      return "inputs %d, units %d, classes %d, batch %d, steps %d"
          .formatted(inputs, units, classes, batch, steps);
    }
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

  static LSTM lstm(Shape shape, RNNFormat format) {
    return new LSTM.Builder()
        .nOut(shape.units())
        .activation(Activation.TANH)
        .forgetGateBiasInit(1.5)
        .dataFormat(format)
        .build();
  }

  static GRU gru(Shape shape, RNNFormat format, boolean resetAfter) {
    return new GRU.Builder().nOut(shape.units()).resetAfter(resetAfter).dataFormat(format).build();
  }

  static SimpleRnn elman(Shape shape) {
    return new SimpleRnn.Builder().nOut(shape.units()).activation(Activation.TANH).build();
  }

  /** {@code layers}, then a softmax at every step. */
  static MultiLayerConfiguration perStep(Shape shape, RNNFormat format, Layer... layers) {
    return configuration(
        shape,
        format,
        new RnnOutputLayer.Builder(LossFunction.MCXENT)
            .nOut(shape.classes())
            .activation(Activation.SOFTMAX)
            .dataFormat(format)
            .build(),
        layers);
  }

  /** {@code layers}, the last of which gives one vector per sequence, then one softmax. */
  static MultiLayerConfiguration perSequence(Shape shape, RNNFormat format, Layer... layers) {
    return configuration(
        shape,
        format,
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(shape.classes())
            .activation(Activation.SOFTMAX)
            .build(),
        layers);
  }

  private static MultiLayerConfiguration configuration(
      Shape shape, RNNFormat format, Layer output, Layer... layers) {
    var list =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .weightInit(WeightInit.XAVIER)
            .biasInit(0.1)
            .updater(new Adam(0.01))
            .list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    list.layer(output);
    return list.setInputType(InputType.recurrent(shape.inputs(), shape.steps(), format)).build();
  }

  static MultiLayerConfiguration truncated(MultiLayerConfiguration configuration) {
    configuration.setBackpropType(BackpropType.TruncatedBPTT);
    configuration.setTbpttFwdLength(TRUNCATED);
    configuration.setTbpttBackLength(TRUNCATED);
    return configuration;
  }

  /** Real numbers as features, one class per step as label, in {@code [batch, size, time]}. */
  static DataSet perStep(Shape shape, long seed) {
    Random random = new Random(seed);
    INDArray labels = Nd4j.zeros(shape.batch(), shape.classes(), shape.steps());
    for (int i = 0; i < shape.batch(); i++) {
      for (int t = 0; t < shape.steps(); t++) {
        labels.putScalar(i, random.nextInt(shape.classes()), t, 1);
      }
    }
    return new DataSet(features(shape, random), labels);
  }

  static DataSet perSequence(Shape shape, long seed) {
    Random random = new Random(seed);
    INDArray labels = Nd4j.zeros(shape.batch(), shape.classes());
    for (int i = 0; i < shape.batch(); i++) {
      labels.putScalar(i, random.nextInt(shape.classes()), 1);
    }
    return new DataSet(features(shape, random), labels);
  }

  private static INDArray features(Shape shape, Random random) {
    float[] values = new float[shape.batch() * shape.inputs() * shape.steps()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.create(values).reshape('c', shape.batch(), shape.inputs(), shape.steps());
  }

  /** Indices of {@code words} words in the place of features, {@code [batch, steps]}. */
  static DataSet words(DataSet data, int words, long seed) {
    Random random = new Random(seed);
    long batch = data.getFeatures().size(0);
    long steps = data.getFeatures().size(2);
    INDArray indices = Nd4j.zeros(batch, steps);
    for (int i = 0; i < batch; i++) {
      for (int t = 0; t < steps; t++) {
        indices.putScalar(i, t, random.nextInt(words));
      }
    }
    return new DataSet(indices, data.getLabels());
  }

  /** Sequences of uneven lengths, at least one step each. */
  static INDArray mask(Shape shape, long seed) {
    Random random = new Random(seed);
    INDArray mask = Nd4j.zeros(shape.batch(), shape.steps());
    for (int i = 0; i < shape.batch(); i++) {
      int length = 1 + random.nextInt(shape.steps());
      for (int t = 0; t < length; t++) {
        mask.putScalar(i, t, 1);
      }
    }
    return mask;
  }

  /** Steps left out here and there, also in the middle of sequences. */
  static INDArray gaps(Shape shape, long seed) {
    Random random = new Random(seed);
    INDArray mask = Nd4j.ones(shape.batch(), shape.steps());
    for (int i = 0; i < shape.batch(); i++) {
      for (int t = 0; t < shape.steps(); t++) {
        mask.putScalar(i, t, random.nextInt(3) == 0 ? 0 : 1);
      }
    }
    return mask;
  }

  /** The same data as {@code [batch, time, size]}. */
  static DataSet timeBeforeSize(DataSet data) {
    INDArray labels = data.getLabels();
    return new DataSet(
        data.getFeatures().permute(0, 2, 1).dup('c'),
        labels.rank() == 3 ? labels.permute(0, 2, 1).dup('c') : labels,
        data.getFeaturesMaskArray(),
        data.getLabelsMaskArray());
  }
}
