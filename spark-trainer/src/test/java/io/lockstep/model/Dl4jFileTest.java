package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.ModelPlan;
import io.lockstep.config.Origins;
import io.lockstep.config.Plan;
import io.lockstep.config.PlanParser;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jFileTest {
  private static final Labels THREE = Labels.Classes.numbered(3);

  @TempDir private Path folder;

  private static String multiLayer() {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(new DenseLayer.Builder().nOut(5).name("hidden").build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build())
        .setInputType(InputType.feedForward(4))
        .build()
        .toJson();
  }

  private static String graph() {
    return new NeuralNetConfiguration.Builder()
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.feedForward(4))
        .addLayer("hidden", new DenseLayer.Builder().nOut(5).build(), "in")
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build(),
            "hidden")
        .setOutputs("out")
        .build()
        .toJson();
  }

  private static NetworkConfiguration read(String json, Labels labels, int... shape) {
    return NetworkBuilder.build(
        new ModelPlan.Dl4j("net.json", Optional.of(json)), shape, labels, 9, Origins.NONE);
  }

  @Test
  void bothKindsAreToldApartAndGetThePlansSeed() {
    var layers = (NetworkConfiguration.MultiLayer) read(multiLayer(), THREE, 4);
    assertThat(layers.configuration().getConf(0).getSeed()).isEqualTo(9);
    var graph = (NetworkConfiguration.Graph) read(graph(), THREE, 4);
    var first = new ComputationGraph(graph.configuration());
    first.init();
    var second =
        new ComputationGraph(
            ((NetworkConfiguration.Graph) read(graph(), THREE, 4)).configuration());
    second.init();
    assertThat(second.params()).isEqualTo(first.params());
  }

  @Test
  void theFileBecomesPartOfThePlanAndOfItsText() throws IOException {
    Path file = Files.writeString(folder.resolve("net.json"), multiLayer());
    String yaml = "{data: {train: {embedded: mnist-10k}}, model: {dl4j: '" + file + "'}}";
    Plan plan =
        NetworkBuilder.embed(PlanParser.parse(yaml, "plan.yaml", List.of()), new Configuration());
    Files.delete(file);
    Plan again = PlanParser.parse(plan.toYaml(), "plan.yaml", List.of());
    assertThat(again).isEqualTo(plan);
    assertThat(NetworkBuilder.build(again.model(), new int[] {4}, THREE, 9, Origins.NONE))
        .isEqualTo(read(multiLayer(), THREE, 4));
  }

  @Test
  void aMissingFileIsNamed() {
    String yaml = "{data: {train: {embedded: mnist-10k}}, model: {dl4j: nowhere/net.json}}";
    Plan plan = PlanParser.parse(yaml, "plan.yaml", List.of());
    assertThatThrownBy(() -> NetworkBuilder.embed(plan, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("nowhere/net.json does not exist");
  }

  /** What DL4J's reader would load, and so run, if nobody looked first. */
  static final class Intruder {
    static {
      loaded = true;
    }

    private Intruder() {}
  }

  private static boolean loaded;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          org.deeplearning4j.nn.conf.layers.DenseLayer | io.lockstep.model.Dl4jFileTest$Intruder
          org.deeplearning4j.nn.conf.layers.DenseLayer | io\\u002elockstep.model.Dl4jFileTest$Intruder
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer
          org.nd4j.linalg.activations.impl.ActivationSoftmax | javax.script.ScriptEngineManager
          """)
  void classesOfOthersAreNeverLoaded(String own, String foreign) {
    String json = multiLayer().replace(own, foreign);
    assertThat(json).contains(foreign);
    assertThatThrownBy(() -> read(json, THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("which is not one of DL4J's own layers or functions");
    assertThat(loaded).isFalse();
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothShapes() {
    assertThatThrownBy(() -> read(multiLayer(), THREE, 6))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("net.json: layer 0 (DenseLayer, hidden) expects 4 inputs, but gets")
        .hasMessageContaining("6");
    assertThatThrownBy(() -> read(multiLayer(), Labels.Classes.numbered(7), 4))
        .hasMessage("net.json makes 3 outputs, but the data has 7 classes");
    assertThatThrownBy(() -> read(graph(), Labels.Classes.numbered(7), 4))
        .hasMessage("net.json makes 3 outputs, but the data has 7 classes");
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    assertThatThrownBy(() -> read("{\"a\": ", THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("net.json is not JSON: ");
    assertThatThrownBy(() -> read("{\"a\": 1}", THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("net.json is neither a MultiLayerConfiguration");
    assertThatThrownBy(() -> read("[".repeat(5000), THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("net.json is not JSON: ");
    assertThatThrownBy(() -> read("{\"confs\": 5}", THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("net.json is not a network configuration that DL4J");
    String inDouble =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.DOUBLE)
            .list()
            .layer(new OutputLayer.Builder(LossFunction.MSE).nIn(4).nOut(3).build())
            .build()
            .toJson();
    assertThatThrownBy(() -> read(inDouble, THREE, 4))
        .hasMessage("net.json computes in DOUBLE; write it with dataType(DataType.FLOAT)");
  }
}
