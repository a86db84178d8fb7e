package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The layer as a part of networks: configuration, files, graphs, training. */
class GruModelTest {
  private static final RNNFormat NCW = RNNFormat.NCW;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConfigurationSurvivesItsJson(boolean resetAfter) {
    GRU gru =
        new GRU.Builder()
            .name("words")
            .nOut(5)
            .resetAfter(resetAfter)
            .activation(Activation.SOFTSIGN)
            .gateActivationFunction(new ActivationHardSigmoid())
            .weightInitRecurrent(WeightInit.XAVIER)
            .biasInit(0.5)
            .l2(0.01)
            .dropOut(new GaussianNoise(0.1))
            .constrainRecurrent(new MaxNormConstraint(2, 1))
            .build();
    MultiLayerConfiguration configuration =
        Nets.perStep(NCW, gru, new Bidirectional(Nets.gru(resetAfter).build()));
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
    assertThat(read.toJson()).isEqualTo(configuration.toJson());
    GRU same = (GRU) read.getConf(0).getLayer();
    assertThat(same).isEqualTo(configuration.getConf(0).getLayer()).hasSameHashCodeAs(same.clone());
    assertThat(same.isResetAfter()).isEqualTo(resetAfter);
    assertThat(same.getGateActivationFn()).isEqualTo(new ActivationHardSigmoid());
    assertThat(same.getConstraints()).hasSize(1);
    assertThat(configuration.toJson())
        .contains("\"@class\" : \"io.lockstep.layers.GRU\"", "\"resetAfter\" : " + resetAfter);
  }

  @Test
  void configurationsThatDifferAreNotEqual() {
    GRU gru = Nets.gru(true).build();
    assertThat(gru).isEqualTo(Nets.gru(true).build()).isEqualTo(gru.clone());
    assertThat(gru).isNotEqualTo(Nets.gru(false).build());
    assertThat(gru)
        .isNotEqualTo(Nets.gru(true).gateActivationFunction(Activation.HARDSIGMOID).build());
    assertThat(gru).isNotEqualTo(Nets.gru(true).activation(Activation.RELU).build());
    assertThat(gru.toString()).contains("resetAfter=true", "nOut=2");
  }

  @Test
  void theDefaultsAreThoseOfKeras() {
    GRU gru = new GRU.Builder().nOut(5).build();
    assertThat(gru.isResetAfter()).isTrue();
    assertThat(gru.getActivationFn()).isEqualTo(Activation.TANH.getActivationFunction());
    assertThat(gru.getGateActivationFn()).isEqualTo(Activation.SIGMOID.getActivationFunction());
  }

  /** The entries of a model file that plain DL4J reads. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelFileIsRestoredByPlainDl4j(boolean resetAfter) throws IOException {
    MultiLayerNetwork network =
        Nets.network(
            Nets.perSequence(
                NCW, Nets.gru(resetAfter).build(), new LastTimeStep(Nets.gru(resetAfter).build())));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry(ModelSerializer.CONFIGURATION_JSON));
      zip.write(network.getLayerWiseConfigurations().toJson().getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry(ModelSerializer.COEFFICIENTS_BIN));
      ByteArrayOutputStream coefficients = new ByteArrayOutputStream();
      Nd4j.write(network.params(), new DataOutputStream(coefficients));
      zip.write(coefficients.toByteArray());
    }
    MultiLayerNetwork restored =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(file.toByteArray()), false);
    assertThat(restored.getLayer(0)).isInstanceOf(GruLayer.class);
    INDArray inputs = Nets.inputs(NCW, 1);
    assertThat(restored.output(inputs)).isEqualTo(network.output(inputs));
    assertThat(restored.clone().output(inputs)).isEqualTo(network.output(inputs));
  }

  @Test
  void parametersAreViewsOfTheNetworksVectorInKerasOrder() {
    MultiLayerNetwork network =
        Nets.network(
            Nets.perStep(
                NCW,
                Nets.gru(true)
                    .weightInit(WeightInit.ONES)
                    .biasInit(0.25)
                    .weightInitRecurrent(new WeightInitConstant(2))
                    .build()));
    int kernel = Nets.INPUTS * 3 * Nets.UNITS;
    int recurrent = Nets.UNITS * 3 * Nets.UNITS;
    assertThat(network.getLayer(0).numParams()).isEqualTo(kernel + recurrent + 6 * Nets.UNITS);
    INDArray vector = network.params();
    assertThat(vector.getDouble(kernel - 1)).isEqualTo(1);
    assertThat(vector.getDouble(kernel)).isEqualTo(2);
    assertThat(vector.getDouble(kernel + recurrent - 1)).isEqualTo(2);
    assertThat(vector.getDouble(kernel + recurrent)).isEqualTo(0.25);
    assertThat(vector.getDouble(kernel + recurrent + 6 * Nets.UNITS - 1)).isEqualTo(0.25);
    network.getParam("0_W").putScalar(2, 1, 7);
    network.getParam("0_RW").putScalar(1, 2, 8);
    network.getParam("0_b").putScalar(3 * Nets.UNITS, 9);
    assertThat(vector.getDouble(Nets.INPUTS + 2)).isEqualTo(7);
    assertThat(vector.getDouble(kernel + 2 * Nets.UNITS + 1)).isEqualTo(8);
    assertThat(vector.getDouble(kernel + recurrent + 3 * Nets.UNITS)).isEqualTo(9);
    network.initGradientsView();
    assertThat(network.getLayer(0).getGradientsViewArray().length())
        .isEqualTo(kernel + recurrent + 6 * Nets.UNITS);
  }

  @Test
  void graphsComputeWhatSequencesOfLayersDo() {
    MultiLayerNetwork network =
        Nets.network(Nets.perStep(NCW, Nets.gru(true).build(), Nets.gru(false).build()));
    ComputationGraph graph = network.toComputationGraph();
    ComputationGraph read =
        new ComputationGraph(
            ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
    read.init(graph.params(), true);
    DataSet data =
        new DataSet(
            Nets.inputs(NCW, 1),
            Nets.labelsPerStep(NCW, 2),
            Masks.PADDED.array(),
            Masks.PADDED.array());
    for (int step = 0; step < 3; step++) {
      network.fit(data);
      read.fit(data);
    }
    assertThat(read.params()).isEqualTo(network.params());
    assertThat(read.rnnTimeStep(Nets.inputs(NCW, 1))[0])
        .isEqualTo(network.rnnTimeStep(Nets.inputs(NCW, 1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workspacesChangeNothing(boolean resetAfter) {
    INDArray[] params = new INDArray[2];
    for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
      MultiLayerConfiguration configuration =
          Nets.perStep(
              NCW,
              Nets.gru(resetAfter).build(),
              new Bidirectional(Nets.gru(resetAfter).build()),
              Nets.gru(resetAfter).build());
      configuration.setTrainingWorkspaceMode(mode);
      configuration.setInferenceWorkspaceMode(mode);
      configuration.getConfs().forEach(layer -> layer.setCacheMode(CacheMode.NONE));
      MultiLayerNetwork network = Nets.network(configuration);
      for (int step = 0; step < 4; step++) {
        INDArray mask = step % 2 == 0 ? null : Masks.WITH_GAPS.array();
        network.fit(Nets.inputs(NCW, step), Nets.labelsPerStep(NCW, step), mask, mask);
      }
      params[mode == WorkspaceMode.NONE ? 0 : 1] = network.params();
    }
    assertThat(params[0]).isEqualTo(params[1]);
  }

  @Test
  void weightsMayBeNoisyInTraining() {
    MultiLayerNetwork network =
        Nets.network(Nets.perStep(NCW, Nets.gru(true).weightNoise(new DropConnect(0.5)).build()));
    INDArray inputs = Nets.inputs(NCW, 1);
    assertThat(network.output(inputs, true)).isNotEqualTo(network.output(inputs, false));
    network.fit(inputs, Nets.labelsPerStep(NCW, 2));
    assertThat(network.output(inputs, false)).isEqualTo(network.output(inputs, false));
  }

  /** Whether the first symbol of a sequence was a one, told at its end. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNetworkOfFloatsLearnsToRemember(boolean resetAfter) {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .updater(new org.nd4j.linalg.learning.config.Adam(0.05))
            .weightInit(WeightInit.XAVIER)
            .list()
            .layer(new LastTimeStep(new GRU.Builder().nOut(8).resetAfter(resetAfter).build()))
            .layer(
                new org.deeplearning4j.nn.conf.layers.OutputLayer.Builder()
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.recurrent(1, 6))
            .build();
    MultiLayerNetwork network = Nets.network(configuration);
    INDArray inputs = Nd4j.zeros(DataType.FLOAT, 32, 1, 6);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 32, 2);
    for (int i = 0; i < 32; i++) {
      inputs.putScalar(i, 0, 0, i % 2);
      labels.putScalar(i, i % 2, 1);
    }
    double before = network.score(new DataSet(inputs, labels));
    for (int step = 0; step < 50; step++) {
      network.fit(inputs, labels);
    }
    assertThat(network.score(new DataSet(inputs, labels))).isLessThan(0.1).isLessThan(before);
  }

  @Test
  void memoryIsReported() {
    long bytes =
        Nets.gru(true)
            .nIn(4)
            .build()
            .getMemoryReport(InputType.recurrent(4, 10))
            .getTotalMemoryBytes(32, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.FLOAT);
    assertThat(bytes).isGreaterThan(4L * 32 * 10 * 2 * 8);
    MultiLayerConfiguration network = Nets.perStep(NCW, Nets.gru(true).build());
    assertThat(network.getMemoryReport(InputType.recurrent(Nets.INPUTS, 10)).toString())
        .contains("GRU");
  }
}
