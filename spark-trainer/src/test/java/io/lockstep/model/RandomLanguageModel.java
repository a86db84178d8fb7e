package io.lockstep.model;

import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.order.SplitMix64;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.PlanParser;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Language models that nobody trained: their weights are made from a seed, the same everywhere. */
public final class RandomLanguageModel {
  private static final float LARGEST = 0.8f;

  private RandomLanguageModel() {}

  /** Of characters: the letters from a to p, a blank and a new line. */
  public static Path ofCharacters(Path file, String... layers) throws IOException {
    return write(file, Unit.CHARACTER, List.of("abcdefghijklmnop \n".split("")), layers);
  }

  /** Of six words. */
  public static Path ofWords(Path file, String... layers) throws IOException {
    return write(file, Unit.WORD, List.of("the", "a", "fox", "dog", "jumps", "sleeps"), layers);
  }

  private static Path write(Path file, Unit unit, List<String> tokens, String... layers)
      throws IOException {
    var text =
        new TextVectorization(
            new Tokenizer(unit, Standardize.NONE, Unicode.NFC), new Vocabulary(tokens), 1000);
    int size = text.vocabulary().size();
    var input =
        new NetworkInput(Field.sequence("text", ElementType.INT32), OptionalInt.of(size), true);
    var labels = Labels.Classes.numbered(size);
    NetworkConfiguration network = network(input, labels, layers);
    Blueprint blueprint = Blueprint.of(network, new ComputePlan(Kernels.AUTO, 1));
    var card =
        new ModelCard(
            "plan",
            "test",
            input,
            labels,
            new Normalizer.Identity(),
            Optional.of(text),
            Optional.empty());
    int parameters = Math.toIntExact(MemoryNeed.of(network).parameters());
    var state = new TrainingState(weights(parameters), new float[0], 0, 0);
    try (OutputStream out = Files.newOutputStream(file)) {
      ModelFile.write(blueprint, state, card, out);
    }
    return file;
  }

  private static NetworkConfiguration network(NetworkInput input, Labels labels, String... layers) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          loss: categoricalCrossentropy
          layers:
        %s
            - dense: {activation: softmax}
        """
            .formatted(
                Arrays.stream(layers)
                    .map(layer -> "    - " + layer)
                    .collect(Collectors.joining("\n")));
    var plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    return NetworkBuilder.build(
        (ModelPlan.Layered) plan.plan().model(), input, labels, 7, plan.origins());
  }

  private static float[] weights(int count) {
    var random = new SplitMix64(11);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = LARGEST * (2 * (float) random.nextDouble() - 1);
    }
    return weights;
  }
}
