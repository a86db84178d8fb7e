package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.train.Digits;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** Runs of plans with other {@code compute.threads} share a JVM and keep their bits. */
class TwoThreadCountsTest {
  private static final int STEPS = 25;
  private static final int[] ROWS = IntStream.range(0, 64).toArray();

  @Test
  void twoRunsWithOtherCountsAtOnceHaveTheBitsOfEachAlone() throws Exception {
    float[] one = trained(1, new CyclicBarrier(1));
    float[] two = trained(2, new CyclicBarrier(1));
    assertThat(one).as("the count must matter, or nothing is tested").isNotEqualTo(two);

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var start = new CyclicBarrier(4);
      List<Future<float[]>> at =
          List.of(
              threads.submit(() -> trained(1, start)),
              threads.submit(() -> trained(2, start)),
              threads.submit(() -> trained(1, start)),
              threads.submit(() -> trained(2, start)));
      assertThat(at.get(0).get()).isEqualTo(one);
      assertThat(at.get(1).get()).isEqualTo(two);
      assertThat(at.get(2).get()).isEqualTo(one);
      assertThat(at.get(3).get()).isEqualTo(two);
    } finally {
      threads.shutdownNow();
    }
  }

  private static float[] trained(int threads, CyclicBarrier start) throws Exception {
    var blueprint = new Blueprint(Blueprint.Kind.MULTI_LAYER, json(), Kernels.STOCK, threads);
    Minibatch batch = Digits.minibatch(Digits.block(0, 64), ROWS);
    try (Replica replica = blueprint.create()) {
      start.await();
      for (int step = 0; step < STEPS; step++) {
        replica.fit(batch, step);
      }
      return replica.state().parameters();
    }
  }

  /** Large enough that libnd4j splits its loops and OpenBLAS its products. */
  private static String json() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.01))
        .list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(12).activation(Activation.TANH).build())
        .layer(new DenseLayer.Builder().nOut(96).activation(Activation.TANH).build())
        .layer(new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(12, 12, 1))
        .build()
        .toJson();
  }
}
