package io.lockstep.train;

import io.lockstep.model.NetworkReplica;
import io.lockstep.model.ReplicaFactory;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of each kind, written in DL4J's own words, for 12 x 12 images of 4 classes. */
public enum Nets {
  MLP {
    @Override
    public MultiLayerConfiguration configuration(IUpdater updater) {
      return builder(updater)
          .list()
          .layer(new DenseLayer.Builder().nOut(16).activation(Activation.TANH).build())
          .layer(new DenseLayer.Builder().nOut(12).activation(Activation.RELU).dropOut(1).build())
          .layer(output())
          .setInputType(InputType.convolutional(12, 12, 1))
          .build();
    }
  },
  DROPOUT {
    @Override
    public MultiLayerConfiguration configuration(IUpdater updater) {
      return builder(updater)
          .list()
          .layer(new DenseLayer.Builder().nOut(16).activation(Activation.TANH).build())
          .layer(new DenseLayer.Builder().nOut(12).activation(Activation.RELU).dropOut(.5).build())
          .layer(output())
          .setInputType(InputType.convolutional(12, 12, 1))
          .build();
    }
  },
  CNN {
    @Override
    public MultiLayerConfiguration configuration(IUpdater updater) {
      return builder(updater)
          .list()
          .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).activation(Activation.RELU).build())
          .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
          .layer(new DenseLayer.Builder().nOut(10).activation(Activation.RELU).build())
          .layer(output())
          .setInputType(InputType.convolutional(12, 12, 1))
          .build();
    }
  },
  /**
   * Without biases before the normalisation, which takes them out again: their gradient is nothing
   * but rounding, and Adam makes full steps of it.
   */
  BATCH_NORMALIZATION {
    @Override
    public MultiLayerConfiguration configuration(IUpdater updater) {
      return builder(updater)
          .list()
          .layer(
              new ConvolutionLayer.Builder(3, 3)
                  .nOut(4)
                  .hasBias(false)
                  .activation(Activation.IDENTITY)
                  .build())
          .layer(new BatchNormalization())
          .layer(new ActivationLayer(Activation.RELU))
          .layer(
              new DenseLayer.Builder()
                  .nOut(10)
                  .hasBias(false)
                  .activation(Activation.IDENTITY)
                  .build())
          .layer(new BatchNormalization())
          .layer(new ActivationLayer(Activation.TANH))
          .layer(output())
          .setInputType(InputType.convolutional(12, 12, 1))
          .build();
    }
  };

  public abstract MultiLayerConfiguration configuration(IUpdater updater);

  public MultiLayerNetwork network(IUpdater updater) {
    var network = new MultiLayerNetwork(configuration(updater));
    network.init();
    return network;
  }

  /** Builds the replica anew in any JVM, so it travels as the name of the net and its updater. */
  public ReplicaFactory factory(IUpdater updater) {
    return () -> NetworkReplica.of(network(updater));
  }

  private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
    return new NeuralNetConfiguration.Builder().seed(7).updater(updater).l2(1e-3);
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(4)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
