package io.lockstep.train;

import io.lockstep.model.NetworkReplica;
import io.lockstep.model.ReplicaFactory;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One layer over very wide examples. */
public final class WideNet {
  /** Builds it. */
  public static final ReplicaFactory FACTORY = WideNet::network;

  private WideNet() {}

  private static NetworkReplica network() {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(1e-3))
                .list()
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(MadeUp.WIDTH))
                .build());
    network.init();
    return NetworkReplica.of(network);
  }
}
