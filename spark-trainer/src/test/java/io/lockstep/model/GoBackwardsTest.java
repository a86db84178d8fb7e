package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.SequenceData.Kind;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer that goes backwards is one that goes forwards over sequences turned around by hand. */
class GoBackwardsTest {
  private static final int EXAMPLES = 13;
  private static final String BACKWARDS = ", goBackwards: true";
  private static final String END = ", {dense: {units: 4, activation: softmax}}";

  static Stream<Arguments> networks() {
    return Stream.of(Kernels.values())
        .flatMap(
            kernels ->
                Stream.of(
                        "{lstm: {units: 5, goBackwards: true}}",
                        "{gru: {units: 5, goBackwards: true, returnSequences: true}}, {lstm: 4}",
                        "{simpleRnn: {units: 5, goBackwards: true, returnSequences: true}},"
                            + " globalMaxPooling1d")
                    .flatMap(
                        layers ->
                            Stream.of(true, false).map(one -> Arguments.of(kernels, layers, one))));
  }

  @ParameterizedTest(name = "{0} {1} of one length: {2}")
  @MethodSource("networks")
  void itTakesTheLastStepFirst(Kernels kernels, String layers, boolean oneLength) {
    var kind = new Kind(false, false, oneLength);
    Block block = SequenceData.examples(kind, EXAMPLES);
    try (Replica backwards = SequenceData.replica(kind, layers + END, kernels);
        Replica forwards =
            SequenceData.replica(kind, layers.replace(BACKWARDS, "") + END, kernels)) {
      forwards.load(backwards.state());
      float[] expected = new float[forwards.parameters()];
      double loss = gradient(forwards, turned(kind, block), expected);
      float[] actual = new float[backwards.parameters()];
      assertThat(gradient(backwards, block, actual)).isCloseTo(loss, Offset.offset(1e-6));
      assertThat(actual).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
      gradient(backwards, turned(kind, block), actual);
      assertThat(actual).usingComparatorWithPrecision(1e-4f).isNotEqualTo(expected);
    }
  }

  private static double gradient(Replica replica, Block block, float[] gradient) {
    var batcher = new Batcher(block.schema(), new Normalizer.Identity());
    return replica.gradient(batcher.assemble(block, 0, EXAMPLES), 1, gradient);
  }

  private static Block turned(Kind kind, Block block) {
    var builder = new BlockBuilder(kind.schema(), block.size());
    int features = SequenceData.FEATURES;
    for (int row = 0; row < block.size(); row++) {
      int steps = kind.oneLength() ? SequenceData.LONGEST : block.steps(0, row);
      int from = kind.oneLength() ? row * steps * features : block.from(0, row);
      builder.begin(row);
      for (int step = steps - 1; step >= 0; step--) {
        for (int j = 0; j < features; j++) {
          builder.put(0, block.values(0).at(from + step * features + j));
        }
      }
      builder.put(1, (int) block.values(1).at(row));
      builder.end();
    }
    return builder.build();
  }
}
