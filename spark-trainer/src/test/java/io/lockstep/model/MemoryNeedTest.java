package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.plan.PlanParser;
import io.lockstep.train.Nets;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;

class MemoryNeedTest {
  private static final long GB = 1L << 30;
  private static final MemoryNeed.Room ROOMY = new MemoryNeed.Room(64 * GB, 64 * GB, 128 * GB);

  @ParameterizedTest
  @EnumSource(Nets.class)
  void theCountIsThatOfTheNetworkItself(Nets nets) {
    var configuration = nets.configuration(new Adam(0.01));
    var network = new MultiLayerNetwork(configuration.clone());
    network.init();
    MemoryNeed need = MemoryNeed.of(new NetworkConfiguration.MultiLayer(configuration));
    assertThat(need.parameters()).isEqualTo(network.numParams());
    assertThat(need.updater()).isBetween(network.updaterState().length(), 2 * network.numParams());

    ComputationGraph graph = network.toComputationGraph();
    assertThat(MemoryNeed.of(new NetworkConfiguration.Graph(graph.getConfiguration())).parameters())
        .isEqualTo(graph.numParams());
  }

  @Test
  void wrappedAndRecurrentLayersAreCounted() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new Adam(0.01))
            .list()
            .layer(new EmbeddingSequenceLayer.Builder().nIn(50).nOut(8).build())
            .layer(new Bidirectional(new LSTM.Builder().nIn(8).nOut(5).build()))
            .layer(new LastTimeStep(new LSTM.Builder().nIn(10).nOut(4).build()))
            .layer(new OutputLayer.Builder().nIn(4).nOut(3).build())
            .setInputType(InputType.recurrent(8))
            .build();
    var network = new MultiLayerNetwork(configuration.clone());
    network.init();
    MemoryNeed need = MemoryNeed.of(new NetworkConfiguration.MultiLayer(configuration));
    assertThat(need.parameters()).isEqualTo(network.numParams());
    assertThat(need.updater()).isEqualTo(network.updaterState().length());
  }

  @Test
  void aNetworkThatNoVectorHoldsIsRefusedAtOnceWithItsFigures() {
    NetworkConfiguration network = dense(50_000, 100_000);
    assertThatThrownBy(() -> MemoryNeed.of(network).check(ROOMY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the network has 5,000,400,003 parameters")
        .hasMessageContaining("at most 2,147,483,639");
  }

  @Test
  void aNetworkLargerThanTheMachineIsRefusedWithFiguresAndRemedy() {
    MemoryNeed need = MemoryNeed.of(dense(5_000, 100_000));
    assertThat(need.parameters()).isEqualTo(5_000L * 100_000 + 100_000 + 300_003);
    assertThatThrownBy(() -> need.check(new MemoryNeed.Room(64 * GB, 4 * GB, 8 * GB)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("5.6 GB outside of the Java heap")
        .hasMessageContaining("this machine has 4.0 GB");
    assertThatThrownBy(() -> need.check(new MemoryNeed.Room(64 * GB, 64 * GB, 4 * GB)))
        .hasMessageContaining("JavaCPP lets this process have 4.0 GB")
        .hasMessageContaining("maxPhysicalBytes");
    assertThatThrownBy(() -> need.check(new MemoryNeed.Room(GB, 64 * GB, 64 * GB)))
        .hasMessageContaining("but the Java heap has 1.0 GB")
        .hasMessageContaining("LOCKSTEP_MEMORY=");
    need.check(ROOMY);
  }

  private static NetworkConfiguration dense(int features, int units) {
    var plan =
        PlanParser.parse(
            """
            data: {train: {embedded: mnist-10k}}
            model:
              loss: categoricalCrossentropy
              optimizer: {nesterov: {learningRate: 0.1}}
              layers: [{dense: %d}, {dense: {units: 3, activation: softmax}}]
            """
                .formatted(units),
            "plan.yaml",
            List.of());
    return NetworkBuilder.build(
        plan.model(), NetworkInput.fixed(features), Labels.Classes.numbered(3), 1, Origins.NONE);
  }
}
