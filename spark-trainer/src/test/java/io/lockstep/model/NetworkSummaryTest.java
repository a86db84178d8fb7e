package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.source.Settled;
import io.lockstep.ingest.Survey;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@code lockstep config --layers}. */
class NetworkSummaryTest {
  @Test
  void saysOfEachLayerWhatItGivesAndWhoComputesIt() throws IOException {
    assertThat(summary("auto"))
        .containsPattern("conv2d_2 +50 x 8 x 8 +25,050 +im2col and sgemm")
        .containsPattern("dense_5 +10 +5,010 +sgemm, softmax and cross-entropy")
        .contains("431,080 parameters, 1.7 MB as float32")
        .containsPattern("updater: Adam.*\nplatform: .* recurrent steps in ");
  }

  @Test
  void saysNothingOfKernelsWhereThereAreNone() throws IOException {
    assertThat(summary("stock"))
        .endsWith("431,080 parameters, 1.7 MB as float32\n")
        .doesNotContain("computed by", "sgemm", "platform");
  }

  /** A plan's line for each word that there is, and more for layers that hold another. */
  static Stream<String> layers() {
    Stream<String> wrapped =
        Stream.of(
            "bidirectional: {layer: {lstm: 3}}",
            "bidirectional: {layer: {gru: 3}}",
            "bidirectional: {layer: {gru: {units: 3, returnSequences: true}}}",
            "bidirectional: {layer: {simpleRnn: 3}, mergeMode: sum}",
            "timeDistributed: {layer: {dense: 3}}");
    Stream<String> others =
        LayerFamily.all().options().keySet().stream()
            .filter(word -> !word.equals("bidirectional") && !word.equals("timeDistributed"))
            .map(NetworkSummaryTest::layer);
    return Stream.concat(wrapped, others);
  }

  private static String layer(String word) {
    return switch (word) {
      case "activation" -> "activation: relu";
      case "conv1d" -> "conv1d: {filters: 3, kernelSize: 2}";
      case "conv2d", "separableConv2d" -> word + ": {filters: 3, kernel: 2}";
      case "depthwiseConv2d" -> "depthwiseConv2d: {kernel: 2}";
      case "dropout", "spatialDropout" -> word + ": 0.5";
      case "embedding" -> "embedding: {inputDim: 9, outputDim: 3}";
      case "dense", "lstm", "gru", "simpleRnn", "masking", "repeatVector" -> word + ": 3";
      case "zeroPadding2d", "upSampling2d" -> word + ": 2";
      default -> word + ": {}";
    };
  }

  @ParameterizedTest
  @MethodSource("layers")
  void showsEveryLayer(String layer) {
    String word = layer.substring(0, layer.indexOf(':'));
    boolean image = word.endsWith("2d") || word.equals("flatten");
    NetworkInput input =
        switch (word) {
          case "repeatVector", "embedding" -> NetworkInput.fixed(4);
          case "masking" ->
              new NetworkInput(
                  Field.sequence("steps", ElementType.FLOAT32, 2), OptionalInt.empty(), false);
          default -> image ? NetworkInput.fixed(2, 6, 6) : NetworkInput.fixed(6, 2);
        };
    boolean ends =
        layer.matches("(lstm|gru|simpleRnn|global.*1d|bidirectional): .*")
            && !layer.contains("returnSequences");
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          layers:
            - %s
            - %s
            - dense: {units: 2, activation: softmax}
          loss: categoricalCrossentropy
        """
            .formatted(layer, image ? "flatten" : ends ? "activation: relu" : "lstm: 4");
    ResolvedPlan plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    assertThat(NetworkSummary.of(plan.plan(), input, Labels.Classes.numbered(2), plan.origins()))
        .containsPattern(word + "_0 +\\d+");
  }

  private static String summary(String kernels) throws IOException {
    Configuration hadoop = new Configuration();
    String file = Path.of("..", "conf", "mnist-lenet.yaml").toString();
    ResolvedPlan plan = PlanFile.resolve(file, List.of("compute.kernels=" + kernels), hadoop);
    Settled data = Survey.of(plan.plan().data().train(), hadoop);
    return NetworkSummary.of(plan.plan(), NetworkInput.of(data), data.labels(), plan.origins());
  }
}
