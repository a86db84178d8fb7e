package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.plan.ComputePlan.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Token by token a language model says, bit for bit, what the network says that was trained. */
class LanguageModelReadersTest {
  private static final int TOKENS = 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedding: 5; lstm: {units: 11, returnSequences: true}",
        "embedding: 16; lstm: {units: 72, dropout: 0.2, returnSequences: true}; dropout: 0.5;"
            + " lstm: {units: 9, returnSequences: true}",
        "embedding: 5; gru: {units: 11, returnSequences: true}; gru: {units: 8, returnSequences:"
            + " true}",
        "embedding: 5; gru: {units: 11, resetAfter: false, returnSequences: true}",
        "embedding: 5; simpleRnn: {units: 11, returnSequences: true}; gru: {units: 3,"
            + " returnSequences: true}"
      })
  void sayTheSame(String layers) throws IOException {
    assumeTrue(Lanes.isUsable(), "kernels need fused multiply-adds");
    ModelFile file = model(layers);
    Blueprint blueprint = ((Blueprint) file.networks()).stateful("generate");
    try (TokenReader fast = StepwiseReader.of(file, blueprint).orElseThrow();
        TokenReader network = new ReplicaReader(file, blueprint)) {
      assertThat(fast.read(3, 7, 2, 11)).isEqualTo(network.read(3, 7, 2, 11));
      for (int i = 0; i < 30; i++) {
        int token = 2 + 7 * i % (TOKENS - 2);
        assertThat(fast.read(token)).isEqualTo(network.read(token));
      }
      fast.forget();
      network.forget();
      assertThat(fast.read(5)).isEqualTo(network.read(5));
    }
  }

  /** What the kernels do not compute, the network does. */
  @Test
  void otherLayersAreComputedByTheNetwork() throws IOException {
    ModelFile file =
        model(
            "embedding: 5; lstm: {units: 6, returnSequences: true}; dense: {units: 4, activation:"
                + " relu}");
    Blueprint blueprint = ((Blueprint) file.networks()).stateful("generate");
    assertThat(StepwiseReader.of(file, blueprint)).isEmpty();
    try (var model = new LanguageModel(file)) {
      float sum = 0;
      for (float probability : model.read(3, 4)) {
        sum += probability;
      }
      assertThat(sum).isBetween(0.9999f, 1.0001f);
    }
  }

  private ModelFile model(String layers) throws IOException {
    Path file = RandomLanguageModel.ofCharacters(folder.resolve("model.zip"), layers.split("; "));
    return ModelFile.read(file.toString(), Kernels.AUTO, new Configuration());
  }
}
