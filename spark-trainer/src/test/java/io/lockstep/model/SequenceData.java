package io.lockstep.model;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanParser;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Made-up sequences of uneven lengths, and networks for them from the text of a plan. */
final class SequenceData {
  static final int FEATURES = 3;
  static final int CLASSES = 4;
  static final int VOCABULARY = 11;
  static final int LONGEST = 7;

  private SequenceData() {}

  /**
   * What an example consists of.
   *
   * @param tokens whether each step is an id, and not a row of numbers
   * @param perStep whether each step has a label
   * @param oneLength whether all have the same length, and so no mask
   */
  record Kind(boolean tokens, boolean perStep, boolean oneLength) {
    Schema schema() {
      Field input =
          oneLength
              ? Field.of("series", ElementType.FLOAT32, LONGEST, FEATURES)
              : tokens
                  ? Field.sequence("words", ElementType.INT32)
                  : Field.sequence("series", ElementType.FLOAT32, FEATURES);
      Field label =
          perStep ? Field.sequence("tag", ElementType.INT32) : Field.of("class", ElementType.INT32);
      return Schema.of(input, label);
    }

    NetworkInput input() {
      return NetworkInput.of(schema(), tokens ? OptionalInt.of(VOCABULARY) : OptionalInt.empty());
    }
  }

  /** Examples, of 1 to {@link #LONGEST} steps each. */
  static Block examples(Kind kind, int count) {
    var random = new SplittableRandom(3);
    var builder = new BlockBuilder(kind.schema(), count);
    for (int i = 0; i < count; i++) {
      int steps = kind.oneLength ? LONGEST : 1 + random.nextInt(LONGEST);
      builder.begin(i);
      for (int step = 0; step < steps; step++) {
        if (kind.tokens) {
          builder.put(0, random.nextInt(VOCABULARY));
        } else {
          for (int j = 0; j < FEATURES; j++) {
            builder.put(0, random.nextDouble(-1, 1));
          }
        }
      }
      for (int j = 0; j < (kind.perStep ? steps : 1); j++) {
        builder.put(1, random.nextInt(CLASSES));
      }
      builder.end();
    }
    return builder.build();
  }

  /** The same examples of one length as such that might have any. */
  static Block stepByStep(Block fixed) {
    var builder = new BlockBuilder(new Kind(false, false, false).schema(), fixed.size());
    for (int row = 0; row < fixed.size(); row++) {
      builder.begin(row);
      for (int i = 0; i < LONGEST * FEATURES; i++) {
        builder.put(0, fixed.values(0).at(row * LONGEST * FEATURES + i));
      }
      builder.put(1, (int) fixed.values(1).at(row));
      builder.end();
    }
    return builder.build();
  }

  /** The network of a plan with these layers. */
  static NetworkConfiguration configuration(Kind kind, String layers) {
    return configuration(kind, layers, "adam");
  }

  /** The network of a plan that foretells the next token. */
  static NetworkConfiguration languageModel(String layers) {
    return configuration(new Kind(true, true, false), layers, "adam", VOCABULARY);
  }

  static NetworkConfiguration configuration(Kind kind, String layers, String optimizer) {
    return configuration(kind, layers, optimizer, CLASSES);
  }

  private static NetworkConfiguration configuration(
      Kind kind, String layers, String optimizer, int classes) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model:
          loss: categoricalCrossentropy
          optimizer: %s
          layers: [%s]
        """
            .formatted(optimizer, layers);
    var plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    return NetworkBuilder.build(
        plan.plan().model(), kind.input(), Labels.Classes.numbered(classes), 7, plan.origins());
  }

  /** A replica of such a network. */
  static Replica replica(Kind kind, String layers, Kernels kernels) {
    return Blueprint.of(configuration(kind, layers), new ComputePlan(kernels, 1)).create();
  }
}
