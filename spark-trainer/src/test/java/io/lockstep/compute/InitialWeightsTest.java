package io.lockstep.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights that are to be orthogonal at the start. */
class InitialWeightsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "5,5", "16,64", "64,16", "3,200"})
  void theShorterSideOfAMatrixIsOrthonormal(int rows, int columns) {
    INDArray matrix =
        Nd4j.createFromArray(OrthogonalMatrix.draw(rows, columns, 1, 7))
            .reshape('f', rows, columns);
    INDArray product =
        rows <= columns ? matrix.mmul(matrix.transpose()) : matrix.transpose().mmul(matrix);
    int side = Math.min(rows, columns);
    assertThat(product.sub(Nd4j.eye(side)).amaxNumber().doubleValue()).isCloseTo(0, within(1e-6));
  }

  /** Of all matrices alike: entries have mean 0 and the variance 1 / columns. */
  @Test
  void entriesAreSpreadAroundNothing() {
    double sum = 0;
    double squares = 0;
    float[] matrix = OrthogonalMatrix.draw(100, 400, 2, 11);
    for (float value : matrix) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum / matrix.length).isCloseTo(0, within(0.002));
    assertThat(squares / matrix.length).isCloseTo(4 / 400.0, within(1e-6));
  }

  @Test
  void anLstmInBothDirectionsGetsThemAndItsConfigurationStays() {
    MultiLayerNetwork network = network(3);
    InitialWeights.init(network);
    assertThat(network.getLayerWiseConfigurations().getConf(0).getLayer())
        .isEqualTo(network(3).getLayerWiseConfigurations().getConf(0).getLayer());
    INDArray forwards = network.getParam("0_fRW");
    INDArray backwards = network.getParam("0_bRW");
    for (INDArray weights : new INDArray[] {forwards, backwards}) {
      INDArray product = weights.mmul(weights.transpose());
      assertThat(product.sub(Nd4j.eye(6)).amaxNumber().doubleValue()).isCloseTo(0, within(1e-6));
    }
    assertThat(forwards).isNotEqualTo(backwards);
  }

  @Test
  void theyFollowFromTheSeed() {
    MultiLayerNetwork one = network(3);
    InitialWeights.init(one);
    Nd4j.getRandom().setSeed(99);
    MultiLayerNetwork again = network(3);
    InitialWeights.init(again);
    MultiLayerNetwork other = network(4);
    InitialWeights.init(other);
    assertThat(again.params()).isEqualTo(one.params());
    assertThat(other.getParam("0_fRW")).isNotEqualTo(one.getParam("0_fRW"));
  }

  private static MultiLayerNetwork network(long seed) {
    var lstm =
        new LSTM.Builder()
            .nOut(6)
            .weightInitRecurrent(new WeightInitDistribution(new OrthogonalDistribution(1)))
            .build();
    return new MultiLayerNetwork(
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .list()
            .layer(new Bidirectional(lstm))
            .layer(new RnnOutputLayer.Builder().nOut(2).build())
            .setInputType(InputType.recurrent(3))
            .build());
  }
}
