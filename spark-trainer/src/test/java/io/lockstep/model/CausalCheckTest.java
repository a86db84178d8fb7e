package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.compute.InitialWeights;
import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.SequenceData.Kind;
import io.lockstep.plan.ModelPlan;
import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A language model that sees what it is to foretell is refused; what sees it is tried out. */
class CausalCheckTest {
  private static final Kind TEXT = new Kind(true, true, false);
  private static final Kind TAGGED = new Kind(false, true, false);
  private static final String TOKENS = ", {dense: {units: 11, activation: softmax}}";
  private static final String END = ", {dense: {units: 4, activation: softmax}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {lstm: {units: 3, returnSequences: true}}                                    | -
          {conv1d: {filters: 3, kernelSize: 3, padding: causal}}                       | -
          {conv1d: {filters: 3, kernelSize: 1, padding: same}}                         | -
          {timeDistributed: {layer: {dense: 3}}}                                       | -
          {conv1d: {filters: 3, kernelSize: 3, padding: same}}                         | set padding: causal
          {conv1d: {filters: 3, kernelSize: 2, padding: same}}                         | set padding: causal
          {gru: {units: 3, returnSequences: true, goBackwards: true}}                  | leave out goBackwards
          {bidirectional: {layer: {simpleRnn: {units: 3, returnSequences: true}}}}     | take simpleRnn alone, with returnSequences: true
          """)
  void whatSeesLaterStepsIsRefused(String layer, String remedy) {
    String twice = layer + (remedy.contains("goBackwards") ? ", " + layer : "");
    assertThat(seesLaterSteps(twice)).isEqualTo(!remedy.equals("-"));
    String text = "{embedding: 3}, " + twice + TOKENS;
    assertThatCode(() -> SequenceData.configuration(TEXT, "{embedding: 3}, " + twice + END))
        .as("kinds of tokens may depend on later tokens")
        .doesNotThrowAnyException();
    if (remedy.equals("-")) {
      assertThatCode(() -> SequenceData.languageModel(text)).doesNotThrowAnyException();
      return;
    }
    String word = layer.substring(1, layer.indexOf(':'));
    assertThatThrownBy(() -> SequenceData.languageModel(text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "plan.yaml:5: model.layers.1 (%s) lets a step see the steps after it, but these are"
                    .formatted(word)
                + " what a language model is to foretell; "
                + remedy);
    String json = SequenceData.configuration(TAGGED, twice + END).toJson();
    var file = new ModelPlan.Dl4j("net.json", Optional.of(json));
    assertThatThrownBy(
            () ->
                NetworkBuilder.build(
                    file,
                    TEXT.input(),
                    Labels.Classes.numbered(SequenceData.VOCABULARY),
                    1,
                    Origins.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("net.json: \\w+_0 .*lets a step see the steps after it.*");
  }

  @Test
  void whatLeavesNoStepsIsRefusedToo() {
    assertThatThrownBy(
            () -> SequenceData.languageModel("{embedding: 3}, globalMaxPooling1d" + TOKENS))
        .hasMessageContaining("model.layers.1 (globalMaxPooling1d) puts out one row");
  }

  /** Whether the first step comes out otherwise when the last one goes in otherwise. */
  private static boolean seesLaterSteps(String layers) {
    var configuration =
        (NetworkConfiguration.MultiLayer) SequenceData.configuration(TAGGED, layers + END);
    var network = new MultiLayerNetwork(configuration.configuration());
    InitialWeights.init(network);
    INDArray steps = Nd4j.linspace(-1, 1, 6L).castTo(Nd4j.dataType()).reshape(1, 3, 2);
    INDArray before = firstStep(network.output(steps.dup()));
    steps.putScalar(0, 1, 1, 5);
    INDArray after = firstStep(network.output(steps));
    network.close();
    return !before.equals(after);
  }

  private static INDArray firstStep(INDArray output) {
    return output.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0)).dup();
  }
}
