package io.lockstep.compute;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Trains two networks in a thread of its own and prints the hash of their weights and the number of
 * native threads that thread has started.
 *
 * <p>Arguments: {@code stock} or {@code kernels}, and {@code use N} to set the native threads.
 */
final class NativeThreadsProbe {
  private static final String THREAD = "probe";

  private NativeThreadsProbe() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    // Loaded here, so that what libraries start as they are loaded is not counted.
    Nd4j.create(1);
    boolean kernels = args[0].equals("kernels");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    Thread thread =
        new Thread(
            () -> {
              if (threads > 0) {
                NativeThreads.use(threads);
              }
              int hash = 31 * convolutional(kernels) + recurrent(kernels);
              out.printf("%08x %d%n", hash, started());
            },
            THREAD);
    thread.start();
    thread.join();
    System.exit(0);
  }

  private static int convolutional(boolean kernels) {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(5, 5).nOut(20).activation(Activation.RELU).build())
                .layer(
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder().nOut(500).activation(Activation.TANH).build())
                .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
    Nd4j.getRandom().setSeed(2);
    return trained(
        network, kernels, Nd4j.rand(64, 1, 28, 28), Nd4j.eye(64).get(all(), upTo(10)).dup());
  }

  private static int recurrent(boolean kernels) {
    var network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(new LSTM.Builder().nOut(64).activation(Activation.TANH).build())
                .layer(new RnnOutputLayer.Builder().nOut(16).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.recurrent(32, 10))
                .build());
    Nd4j.getRandom().setSeed(3);
    return trained(network, kernels, Nd4j.rand(32, 32, 10), Nd4j.rand(32, 16, 10));
  }

  private static INDArrayIndex all() {
    return NDArrayIndex.all();
  }

  private static INDArrayIndex upTo(int end) {
    return NDArrayIndex.interval(0, end);
  }

  private static int trained(
      MultiLayerNetwork network, boolean kernels, INDArray features, INDArray labels) {
    network.init();
    if (kernels) {
      Accelerator.accelerate(network);
    }
    for (int step = 0; step < 5; step++) {
      network.fit(features, labels);
    }
    return Arrays.hashCode(network.params().dup().data().asFloat());
  }

  /** Native threads named like ours: on Linux a thread inherits the name of its creator. */
  private static int started() {
    int named = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        named += name(task).equals(THREAD) ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return named - 1;
  }

  private static String name(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm"), StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      return "ended meanwhile";
    }
  }
}
