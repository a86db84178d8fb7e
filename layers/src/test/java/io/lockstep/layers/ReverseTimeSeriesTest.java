package io.lockstep.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Sequences turned around: the order of steps, masks, gradients, files. */
class ReverseTimeSeriesTest {
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  static Stream<Arguments> everything() {
    return Stream.of(RNNFormat.values())
        .flatMap(format -> Stream.of(Masks.values()).map(mask -> Arguments.of(format, mask)));
  }

  /** Of the steps that are there, the last one first; elsewhere zero. */
  @ParameterizedTest
  @MethodSource("everything")
  void theLastStepThatIsThereComesFirst(RNNFormat format, Masks mask) {
    ReverseTimeSeriesLayer layer = layer(format, mask);
    INDArray inputs = Nets.inputs(format, 1);
    INDArray turned = layer.activate(inputs, true, NONE);
    assertThat(turned.shape()).isEqualTo(inputs.shape());
    for (int example = 0; example < Nets.BATCH; example++) {
      int from = Nets.TIME;
      for (int to = 0; to < Nets.TIME; to++) {
        boolean there = mask.at(example, to) != 0 || mask == Masks.NONE;
        if (there) {
          do {
            from--;
          } while (mask != Masks.NONE && mask.at(example, from) == 0);
        }
        for (int i = 0; i < Nets.INPUTS; i++) {
          double expected = there ? at(inputs, format, example, i, from) : 0;
          assertThat(at(turned, format, example, i, to)).isEqualTo(expected);
        }
      }
    }
    assertThat(layer.backpropGradient(inputs, NONE).getSecond()).isEqualTo(turned);
    INDArray back = layer.activate(turned.dup('f'), true, NONE);
    assertThat(layer.activate(back, true, NONE)).isEqualTo(turned);
  }

  private static double at(INDArray array, RNNFormat format, int example, int i, int step) {
    return format == RNNFormat.NCW
        ? array.getDouble(example, i, step)
        : array.getDouble(example, step, i);
  }

  private static ReverseTimeSeriesLayer layer(RNNFormat format, Masks mask) {
    var network = Nets.network(Nets.perStep(format, new ReverseTimeSeries()));
    var layer = (ReverseTimeSeriesLayer) network.getLayer(0);
    layer.feedForwardMaskArray(mask.array(), MaskState.Active, Nets.BATCH);
    return layer;
  }

  /** Finite differences, of weights before the turn and after it. */
  @ParameterizedTest
  @CsvSource({"NCW, NONE", "NCW, PADDED", "NWC, WITH_GAPS"})
  void gradientsAreSlopes(RNNFormat format, Masks mask) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    try {
      MultiLayerNetwork network =
          Nets.network(
              Nets.perStep(
                  format,
                  Nets.gru(true).build(),
                  new ReverseTimeSeries(),
                  Nets.gru(false).build()));
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

  /** DL4J has the same for graphs, as a vertex. */
  @ParameterizedTest
  @EnumSource(Masks.class)
  void inAGraphItIsTheVertexOfDl4j(Masks mask) {
    ComputationGraph ours = graph(builder -> builder.addLayer("t", new ReverseTimeSeries(), "in"));
    ComputationGraph vertex =
        graph(builder -> builder.addVertex("t", new ReverseTimeSeriesVertex("in"), "in"));
    INDArray[] masks = mask == Masks.NONE ? null : new INDArray[] {mask.array()};
    var data =
        new MultiDataSet(
            new INDArray[] {Nets.inputs(RNNFormat.NCW, 1)},
            new INDArray[] {Nets.labelsPerStep(RNNFormat.NCW, 2)},
            masks,
            masks);
    for (int step = 0; step < 3; step++) {
      ours.fit(data);
      vertex.fit(data);
    }
    assertThat(ours.params()).isEqualTo(vertex.params());
  }

  private static ComputationGraph graph(java.util.function.UnaryOperator<GraphBuilder> turn) {
    ComputationGraphConfiguration configuration =
        turn.apply(Nets.settings().graphBuilder().addInputs("in"))
            .addLayer("gru", Nets.gru(true).build(), "t")
            .addLayer(
                "out",
                new RnnOutputLayer.Builder()
                    .nOut(Nets.CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "gru")
            .setOutputs("out")
            .setInputTypes(InputType.recurrent(Nets.INPUTS, Nets.TIME))
            .build();
    var graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration.toJson()));
    graph.init();
    return graph;
  }

  @Test
  void aConfigurationSurvivesItsJson() {
    MultiLayerConfiguration configuration =
        Nets.perStep(
            RNNFormat.NWC,
            new ReverseTimeSeries.Builder().name("turn").build(),
            Nets.gru(true).build());
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
    assertThat(read.toJson())
        .isEqualTo(configuration.toJson())
        .contains("\"@class\" : \"io.lockstep.layers.ReverseTimeSeries\"");
    var layer = (ReverseTimeSeries) read.getConf(0).getLayer();
    assertThat(layer.getRnnDataFormat()).isEqualTo(RNNFormat.NWC);
    assertThat(layer).isEqualTo(layer.clone()).hasSameHashCodeAs(layer.clone());
    assertThat(layer)
        .isNotEqualTo(
            new ReverseTimeSeries.Builder().name("turn").dataFormat(RNNFormat.NCW).build());
    assertThat(layer.toString()).contains("NWC");
    assertThat(
            layer
                .getMemoryReport(InputType.recurrent(3, 10))
                .getTotalMemoryBytes(32, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.FLOAT))
        .isGreaterThan(4L * 32 * 3 * 10);
  }

  @Test
  void workspacesChangeNothing() {
    INDArray[] params = new INDArray[2];
    for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
      MultiLayerConfiguration configuration =
          Nets.perStep(
              RNNFormat.NCW,
              new ReverseTimeSeries(),
              Nets.gru(true).build(),
              new ReverseTimeSeries());
      configuration.setTrainingWorkspaceMode(mode);
      configuration.setInferenceWorkspaceMode(mode);
      MultiLayerNetwork network = Nets.network(configuration);
      for (int step = 0; step < 4; step++) {
        INDArray mask = step % 2 == 0 ? null : Masks.WITH_GAPS.array();
        network.fit(
            Nets.inputs(RNNFormat.NCW, step), Nets.labelsPerStep(RNNFormat.NCW, step), mask, mask);
      }
      params[mode == WorkspaceMode.NONE ? 0 : 1] = network.params();
    }
    assertThat(params[0]).isEqualTo(params[1]);
  }

  @Test
  void aPartOfASequenceIsRefused() {
    MultiLayerNetwork network =
        Nets.network(Nets.perStep(RNNFormat.NCW, new ReverseTimeSeries(), Nets.gru(true).build()));
    INDArray inputs = Nets.inputs(RNNFormat.NCW, 1);
    assertThatThrownBy(() -> network.rnnTimeStep(inputs))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("only when all of it is there");
    assertThatThrownBy(() -> network.getLayer(0).activate(Nets.labels(1), true, NONE))
        .hasMessageContaining("only sequences, of rank 3");
    assertThatThrownBy(() -> new ReverseTimeSeries().setNIn(InputType.feedForward(3), false))
        .hasMessageContaining("takes sequences");
  }
}
