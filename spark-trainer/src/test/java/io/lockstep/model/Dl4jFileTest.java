package io.lockstep.model;

import static java.util.regex.Matcher.quoteReplacement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.layers.GRU;
import io.lockstep.layers.LayerNormalization;
import io.lockstep.layers.ReverseTimeSeries;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        new ModelPlan.Dl4j("net.json", Optional.of(json)),
        NetworkInput.fixed(shape),
        labels,
        9,
        Origins.NONE);
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
    assertThat(NetworkBuilder.build(again.model(), NetworkInput.fixed(4), THREE, 9, Origins.NONE))
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
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.DenseLayer<io.lockstep.model.Dl4jFileTest$Intruder>
          org.deeplearning4j.nn.conf.layers.DenseLayer | x.A<io.lockstep.model.Dl4jFileTest$Intruder>
          org.deeplearning4j.nn.conf.layers.DenseLayer | [Lio.lockstep.model.Dl4jFileTest$Intruder;
          org.deeplearning4j.nn.conf.layers.DenseLayer | io.lockstep.model.Dl4jFileTest$Intruder[]
          org.deeplearning4j.nn.conf.layers.DenseLayer | ` io.lockstep.model.Dl4jFileTest$Intruder `
          org.deeplearning4j.nn.conf.layers.DenseLayer | `org.deeplearning4j.nn.conf.layers.DenseLayer `
          org.deeplearning4j.nn.conf.layers.DenseLayer | org/deeplearning4j/nn/conf/layers/DenseLayer
          org.deeplearning4j.nn.conf.layers.DenseLayer | io.lockstep.layers.GRU$Builder
          org.deeplearning4j.nn.conf.layers.DenseLayer | io.lockstep.layers.GruLayer
          org.deeplearning4j.nn.conf.layers.DenseLayer | Intruder
          org.deeplearning4j.nn.conf.layers.DenseLayer | int
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf..DenseLayer
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.DenseL\\u0430yer
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.DenseLayer\\u200b
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.DenseLayer\\u0000
          org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.DenseLayer\\n
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
  void ourOwnLayersAreReadLikeThoseOfDl4j() {
    String json =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new ReverseTimeSeries())
            .layer(new LayerNormalization())
            .layer(new GRU.Builder().nOut(5).resetAfter(false).build())
            .layer(new RnnOutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.recurrent(4))
            .build()
            .toJson();
    var network = (NetworkConfiguration.MultiLayer) Dl4jFile.parse("net.json", json);
    assertThat(network.configuration().getConf(0).getLayer()).isInstanceOf(ReverseTimeSeries.class);
    assertThat(network.configuration().getConf(1).getLayer())
        .isInstanceOf(LayerNormalization.class);
    GRU gru = (GRU) network.configuration().getConf(2).getLayer();
    assertThat(gru.isResetAfter()).isFalse();
    assertThat(gru.getNIn()).isEqualTo(4);
  }

  /** Jackson takes the first text of an array for the class, where it waits for an object. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"io.lockstep.model.Dl4jFileTest$Intruder\", {}]",
        "[\"Intruder\", {}]",
        "[\"Intruder\"]",
        "{\"@class\": [\"Intruder\"]}",
        "{\"\\u0040class\": \"Intruder\"}",
        "{\"@class\": null}",
        "{\"type\": \"Intruder\"}"
      })
  void classesDoNotHideInAnotherPlace(String function) {
    String json =
        multiLayer()
            .replaceFirst(
                "\"activationFn\" : \\{[^}]*\\}",
                quoteReplacement("\"activationFn\" : " + function));
    assertThat(json).contains(function);
    assertThatThrownBy(() -> read(json, THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("which is not one of DL4J's own layers or functions");
    assertThat(loaded).isFalse();
  }

  @Test
  void namesOfLayersMayLookLikeClasses() {
    read(multiLayer().replace("\"hidden\"", "\"block.conv1/relu\""), THREE, 4);
  }

  @Test
  void everyLayerOfAGraphPassesTheList() {
    read(graph(), THREE, 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "backpropType" : "Standard" | "backpropType" : "TruncatedBPTT" | has backpropType TruncatedBPTT
          "STOCHASTIC_GRADIENT_DESCENT" | "LBFGS" | has optimizationAlgo LBFGS
          "STOCHASTIC_GRADIENT_DESCENT" | "CONJUGATE_GRADIENT" | has optimizationAlgo CONJUGATE_GRADIENT
          "STOCHASTIC_GRADIENT_DESCENT" | "LINE_GRADIENT_DESCENT" | has optimizationAlgo LINE_GRADIENT_DESCENT
          "minimize" : true | "minimize" : false | has minimize(false)
          "stepFunction" : null | "stepFunction" : {"default" : {}} | has the stepFunction DefaultStepFunction
          """)
  void whatWouldTrainSomethingElseIsRefusedByName(String usual, String other, String message) {
    for (String json : List.of(multiLayer(), graph())) {
      assertThat(json).contains(usual);
      assertThatThrownBy(() -> read(json.replace(usual, other), THREE, 4))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void sumsOfGradientsAreNotMerged() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("net.json"),
            multiLayer().replace("\"miniBatch\" : true", "\"miniBatch\" : false"));
    String yaml = "{data: {train: {embedded: mnist-10k}}, model: {dl4j: '" + file + "'}";
    Plan averaging = PlanParser.parse(yaml + "}", "plan.yaml", List.of());
    assertThat(NetworkBuilder.embed(averaging, new Configuration()).model())
        .isInstanceOf(ModelPlan.Dl4j.class);
    Plan gradient =
        PlanParser.parse(
            yaml + ", training: {mode: gradient, localSteps: 1}}", "plan.yaml", List.of());
    assertThatThrownBy(() -> NetworkBuilder.embed(gradient, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("miniBatch(false)");
  }

  @Test
  void inputsThatTheDataDoesNotHaveAreListedBesideThoseThatItHas() {
    String json =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("left", "right")
            .setInputTypes(InputType.feedForward(4), InputType.feedForward(4))
            .addVertex("both", new MergeVertex(), "left", "right")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .nOut(3)
                    .build(),
                "both")
            .setOutputs("out")
            .build()
            .toJson();
    assertThatThrownBy(() -> read(json, THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "has 2 input(s) (left, right) and 1 output(s) (out), but the data has 1 input and 1"
                + " output; where there are several, the plan must name them as the graph does");
  }

  @Test
  void aLossLayerMayBeTheEnd() {
    String json =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(4).nOut(3).activation(Activation.SOFTMAX).build())
            .layer(new LossLayer.Builder(LossFunction.MCXENT).build())
            .setInputType(InputType.feedForward(4))
            .build()
            .toJson();
    assertThat(read(json, THREE, 4)).isInstanceOf(NetworkConfiguration.MultiLayer.class);
    String without = json.replace("conf.layers.LossLayer", "conf.layers.ActivationLayer");
    assertThatThrownBy(() -> read(without, THREE, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("must end in a layer with a loss")
        .hasMessageContaining("but ends in ActivationLayer");
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
