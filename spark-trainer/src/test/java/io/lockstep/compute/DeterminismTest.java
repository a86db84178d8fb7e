package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/** The same steps give the same bits, whatever else happens; and memory does not grow. */
class DeterminismTest {
  private static final InputType INPUT = InputType.convolutionalFlat(14, 14, 1);
  private static final int BATCH = 19;
  private static final int STEPS = 12;

  private static MultiLayerConfiguration configuration(int filters) {
    return Nets.configuration(
        INPUT,
        new Adam(1e-3),
        new ConvolutionLayer.Builder(3, 3).nOut(filters).activation(Activation.RELU).build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        new ConvolutionLayer.Builder(2, 2).nOut(7).activation(Activation.TANH).build(),
        new BatchNormalization(),
        new DenseLayer.Builder().nOut(21).activation(Activation.SIGMOID).build());
  }

  private static float[] train(int filters, int misalignment) {
    MultiLayerNetwork network = Nets.accelerated(configuration(filters));
    for (int step = 0; step < STEPS; step++) {
      INDArray x = misaligned(Nets.features(INPUT, BATCH, step), misalignment);
      network.fit(x, Nets.labels(BATCH, step));
    }
    return network.params().toFloatVector();
  }

  /** The same values, {@code floats} further from where their memory begins. */
  private static INDArray misaligned(INDArray array, int floats) {
    INDArray memory = Nd4j.zeros(array.length() + floats);
    INDArray view = memory.get(NDArrayIndex.interval(floats, floats + array.length()));
    return view.reshape('c', array.shape()).assign(array);
  }

  @Test
  void twoRunsGiveTheSameBitsWhateverRanBetween() {
    float[] first = train(6, 0);
    train(9, 0);
    assertThat(train(6, 0)).isEqualTo(first);
  }

  @Test
  void bitsDoNotDependOnAlignment() {
    float[] aligned = train(6, 0);
    assertThat(train(6, 1)).isEqualTo(aligned);
    assertThat(train(6, 7)).isEqualTo(aligned);
  }

  @Test
  void networksInSeveralThreadsGiveTheBitsOfOne() throws Exception {
    float[] alone = train(6, 0);
    float[] other = train(9, 0);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Callable<float[]>> tasks =
          List.of(() -> train(6, 0), () -> train(9, 0), () -> train(6, 0));
      List<Future<float[]>> results = threads.invokeAll(tasks);
      assertThat(results.get(0).get()).isEqualTo(alone);
      assertThat(results.get(1).get()).isEqualTo(other);
      assertThat(results.get(2).get()).isEqualTo(alone);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void nativeMemoryStaysFlat() {
    MultiLayerNetwork network = Nets.accelerated(configuration(6));
    INDArray x = Nets.features(INPUT, BATCH, 1);
    INDArray y = Nets.labels(BATCH, 2);
    for (int step = 0; step < 50; step++) {
      network.fit(x, y);
    }
    System.gc();
    long before = Pointer.totalBytes();
    for (int step = 0; step < 300; step++) {
      network.fit(x, y);
    }
    System.gc();
    assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before + 1_000_000);
  }
}
