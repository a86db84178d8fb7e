package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rows normalised each by itself: the formula, slopes, masks, files. */
class LayerNormalizationTest {
  private static final RNNFormat NCW = RNNFormat.NCW;

  /**
   * By hand: the row 1, 2, 6 has mean 3 and variance (4 + 1 + 9) / 3 = 14/3; with eps = 1/3 it is
   * divided by the root of 5.
   */
  @Test
  void aRowByHand() {
    MultiLayerNetwork network = Nets.network(rows(new LayerNormalization.Builder().eps(1 / 3.0)));
    network.getParam("0_gamma").assign(Nd4j.createFromArray(1.0, 2.0, -1.0));
    network.getParam("0_beta").assign(Nd4j.createFromArray(0.0, 0.5, 10.0));
    INDArray input = Nd4j.createFromArray(new double[][] {{1, 2, 6}, {7, 7, 7}});
    INDArray output = network.feedForward(input).get(1);
    double root = Math.sqrt(5);
    double[] expected = {-2 / root, -2 / root + 0.5, -3 / root + 10, 0, 0.5, 10};
    for (int i = 0; i < 6; i++) {
      assertThat(output.getDouble(i / 3, i % 3)).isCloseTo(expected[i], within(1e-12));
    }
  }

  private static MultiLayerConfiguration rows(LayerNormalization.Builder norm) {
    return Nets.settings()
        .list()
        .layer(norm.build())
        .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.feedForward(Nets.INPUTS))
        .build();
  }

  /** Finite differences, with weights before it, and after it. */
  @ParameterizedTest
  @CsvSource({
    "NCW, NONE, true, true",
    "NCW, PADDED, true, false",
    "NWC, WITH_GAPS, false, true",
    "NCW, PADDED, false, false"
  })
  void gradientsAreSlopes(RNNFormat format, Masks mask, boolean center, boolean scale) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    try {
      MultiLayerNetwork network =
          Nets.network(
              Nets.perStep(
                  format,
                  new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(),
                  new LayerNormalization.Builder().center(center).scale(scale).build(),
                  Nets.gru(true).build()));
      if (scale) {
        network.getParam("1_gamma").assign(Nd4j.createFromArray(0.5, -1.5, 1, 2));
      }
      Nets.checkGradients(
          new MLNConfig()
              .net(network)
              .input(Nets.inputs(format, 1))
              .labels(Nets.labelsPerStep(format, 2))
              .inputMask(mask.array())
              .labelMask(mask.array()));
    } finally {
      Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }
  }

  @Test
  void aConfigurationSurvivesItsJson() {
    MultiLayerConfiguration configuration =
        rows(new LayerNormalization.Builder().name("norm").eps(0.01).center(false));
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
    assertThat(read.toJson())
        .isEqualTo(configuration.toJson())
        .contains("\"@class\" : \"io.lockstep.layers.LayerNormalization\"");
    var layer = (LayerNormalization) read.getConf(0).getLayer();
    assertThat(layer.getEps()).isEqualTo(0.01);
    assertThat(layer.isCenter()).isFalse();
    assertThat(layer.isScale()).isTrue();
    assertThat(layer.getNOut()).isEqualTo(Nets.INPUTS);
    assertThat(layer).isEqualTo(layer.clone()).hasSameHashCodeAs(layer.clone());
    assertThat(layer).isNotEqualTo(new LayerNormalization.Builder().name("norm").build());
    assertThat(layer.toString()).contains("eps=0.01");
    assertThat(
            layer
                .getMemoryReport(InputType.feedForward(3))
                .getTotalMemoryBytes(32, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.FLOAT))
        .isGreaterThan(4L * 32 * 3);
  }

  @Test
  void defaultsAreThoseOfKeras() {
    var layer = new LayerNormalization();
    assertThat(layer.getEps()).isEqualTo(0.001);
    assertThat(layer.isCenter() && layer.isScale()).isTrue();
    MultiLayerNetwork network = Nets.network(rows(new LayerNormalization.Builder()));
    assertThat(network.getParam("0_gamma").meanNumber().doubleValue()).isEqualTo(1);
    assertThat(network.getParam("0_beta").amaxNumber().doubleValue()).isZero();
    assertThat(network.clone().params()).isEqualTo(network.params());
  }

  @Test
  void workspacesChangeNothing() {
    INDArray[] params = new INDArray[2];
    for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
      MultiLayerConfiguration configuration =
          Nets.perStep(NCW, Nets.gru(true).build(), new LayerNormalization());
      configuration.setTrainingWorkspaceMode(mode);
      configuration.setInferenceWorkspaceMode(mode);
      MultiLayerNetwork network = Nets.network(configuration);
      for (int step = 0; step < 4; step++) {
        INDArray mask = step % 2 == 0 ? null : Masks.PADDED.array();
        network.fit(Nets.inputs(NCW, step), Nets.labelsPerStep(NCW, step), mask, mask);
      }
      params[mode == WorkspaceMode.NONE ? 0 : 1] = network.params();
    }
    assertThat(params[0]).isEqualTo(params[1]);
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    MultiLayerNetwork network = Nets.network(rows(new LayerNormalization.Builder()));
    assertThatThrownBy(
            () ->
                network
                    .getLayer(0)
                    .activate(Nets.random(1, 2, 4), true, LayerWorkspaceMgr.noWorkspaces()))
        .hasMessageContaining("a LayerNormalization of nIn = 3 takes rows of as many numbers");
  }
}
