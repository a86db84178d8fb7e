package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** 5,000 steps of large networks are {@code scripts/bench memory}; this one is for every build. */
class KernelMemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void stepsLeaveNoNativeMemoryBehind() {
    MultiLayerNetwork images = images();
    MultiLayerNetwork sequences = sequences();
    try (INDArray pixels = Nd4j.rand(32, 1, 16, 16);
        INDArray classes = Nd4j.rand(32, 4);
        INDArray symbols = Nd4j.rand(8, 16, 20);
        INDArray following = Nd4j.rand(8, 5, 20)) {
      Runnable steps =
          () -> {
            for (int i = 0; i < 50; i++) {
              images.fit(pixels, classes);
              sequences.fit(symbols, following);
            }
          };
      steps.run();
      long before = nativeBytes();
      for (int i = 0; i < 6; i++) {
        steps.run();
      }
      // A step's activations are 1.5 MiB: 300 leaking steps would be 450.
      assertThat(nativeBytes()).isLessThan(before + 4 * MIB);
    }
    images.close();
    sequences.close();
  }

  @Test
  void closedNetworksLeaveNoNativeMemoryBehind() {
    Runnable network =
        () -> {
          MultiLayerNetwork images = images();
          try (INDArray pixels = Nd4j.rand(32, 1, 16, 16);
              INDArray classes = Nd4j.rand(32, 4)) {
            images.fit(pixels, classes);
          }
          images.close();
        };
    network.run();
    long before = nativeBytes();
    for (int i = 0; i < 20; i++) {
      network.run();
    }
    // A network takes 2 MiB with what it needs to compute.
    assertThat(nativeBytes()).isLessThan(before + 8 * MIB);
  }

  private static long nativeBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Pointer.deallocateReferences();
    }
    return Pointer.totalBytes();
  }

  private static MultiLayerNetwork images() {
    return accelerated(
        builder()
            .layer(new ConvolutionLayer.Builder(3, 3).nOut(16).activation(Activation.RELU).build())
            .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
            .layer(new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutional(16, 16, 1))
            .build());
  }

  private static MultiLayerNetwork sequences() {
    return accelerated(
        builder()
            .layer(new LSTM.Builder().nOut(32).activation(Activation.TANH).build())
            .layer(new RnnOutputLayer.Builder().nOut(5).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.recurrent(16, 20))
            .build());
  }

  private static NeuralNetConfiguration.ListBuilder builder() {
    return new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3)).list();
  }

  private static MultiLayerNetwork accelerated(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    Accelerator.accelerate(network);
    return network;
  }
}
