package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Networks of random shape equal stock ones. A failure names its seed; to repeat it alone, or to
 * try a shape that no one has tried: {@code mvn test -pl spark-trainer -am -Dtest=RandomShapesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dlockstep.seed=SEED}.
 */
class RandomShapesTest {
  private static final int NETWORKS = 24;

  static List<Long> seeds() {
    Long given = Long.getLong("lockstep.seed");
    if (given != null) {
      return List.of(given);
    }
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= NETWORKS; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void equalStock(long seed) {
    Random random = new Random(seed);
    CNN2DFormat format = random.nextBoolean() ? CNN2DFormat.NCHW : CNN2DFormat.NHWC;
    InputType input =
        InputType.convolutional(
            6 + random.nextInt(12), 6 + random.nextInt(12), 1 + random.nextInt(4), format);
    int batch = 1 + random.nextInt(20);
    List<Layer> layers = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      layers.add(convolution(random, format));
      if (random.nextBoolean()) {
        layers.add(pooling(random, format));
      }
    }
    layers.add(new DenseLayer.Builder().nOut(1 + random.nextInt(20)).build());
    var configuration =
        Nets.configuration(input, new Nesterovs(0.002, 0.9), layers.toArray(new Layer[0]));
    SameAsStock.check(
        "repeat with -Dlockstep.seed=%d (%s, batch %d)".formatted(seed, input, batch),
        configuration,
        input,
        batch);
  }

  private static ConvolutionLayer convolution(Random random, CNN2DFormat format) {
    Activation[] smooth = {Activation.TANH, Activation.SIGMOID, Activation.IDENTITY};
    return new ConvolutionLayer.Builder(1 + random.nextInt(4), 1 + random.nextInt(4))
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(format)
        .dilation(1 + random.nextInt(2), 1)
        .hasBias(random.nextInt(4) > 0)
        .activation(smooth[random.nextInt(smooth.length)])
        .nOut(1 + random.nextInt(9))
        .build();
  }

  private static SubsamplingLayer pooling(Random random, CNN2DFormat format) {
    int kernel = 1 + random.nextInt(3);
    return new SubsamplingLayer.Builder(random.nextBoolean() ? PoolingType.MAX : PoolingType.AVG)
        .kernelSize(kernel, kernel)
        .stride(1 + random.nextInt(kernel), 1 + random.nextInt(kernel))
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(format)
        .build();
  }
}
