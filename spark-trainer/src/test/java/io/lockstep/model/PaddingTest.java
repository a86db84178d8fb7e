package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.SequenceData.Kind;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What sequences are filled up with counts nowhere: the gradient of a minibatch is the mean of the
 * gradients of its examples, each alone and as long as it is.
 */
class PaddingTest {
  private static final int EXAMPLES = 13;
  private static final String ROW = ", {dense: {units: 4, activation: softmax}}";

  private static final List<String> LAST_STEP =
      List.of(
          "{lstm: 5}",
          "{simpleRnn: 5}",
          "{gru: 5}",
          "{bidirectional: {layer: {gru: {units: 5, resetAfter: false}}}}",
          "{gru: {units: 5, returnSequences: true}}, {gru: {units: 4, resetAfter: false}}",
          "{bidirectional: {layer: {gru: 5}}}",
          "{lstm: {units: 5, returnSequences: true}}, {lstm: 4}",
          "{bidirectional: {layer: {lstm: 5}}}",
          "{bidirectional: {layer: {lstm: 5}, mergeMode: sum}}",
          "{bidirectional: {layer: {simpleRnn: 5}, mergeMode: mul}}",
          "{bidirectional: {layer: {lstm: 5}, mergeMode: ave}}",
          "{bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}}}, {lstm: 4}",
          "{lstm: {units: 5, returnSequences: true}}, {dense: 6}, {bidirectional: {layer: {lstm:"
              + " 5}}}",
          "{dense: {units: 5, activation: sigmoid}}, globalMaxPooling1d",
          "{lstm: {units: 5, returnSequences: true}}, globalAveragePooling1d",
          "{conv1d: {filters: 5, kernelSize: 3, padding: same, activation: sigmoid}},"
              + " globalMaxPooling1d",
          "{conv1d: {filters: 5, kernelSize: 3, padding: causal}}, {activation: sigmoid},"
              + " {conv1d: {filters: 4, kernelSize: 2, padding: same}}, globalAveragePooling1d",
          "{lstm: {units: 5, returnSequences: true}}, {conv1d: {filters: 5, kernelSize: 4,"
              + " padding: same}}, {lstm: 3}",
          "{lstm: 5}, {repeatVector: 3}, {lstm: 4}",
          "{lstm: {units: 5, goBackwards: true}}",
          "{dense: 5}, layerNormalization, {lstm: 4}",
          "{gru: {units: 5, goBackwards: true, returnSequences: true}}, {simpleRnn: 4}");

  private static final List<String> PER_STEP =
      List.of(
          "{lstm: {units: 5, returnSequences: true}}",
          "{simpleRnn: {units: 5, returnSequences: true}}",
          "{bidirectional: {layer: {gru: {units: 5, returnSequences: true}}}},"
              + " {gru: {units: 4, resetAfter: false, returnSequences: true}}",
          "{gru: {units: 5, returnSequences: true}}",
          "{bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}}}",
          "{bidirectional: {layer: {simpleRnn: {units: 5, returnSequences: true}}, mergeMode:"
              + " mul}}",
          "{bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}, mergeMode: ave}},"
              + " {lstm: {units: 4, returnSequences: true}}",
          "{timeDistributed: {layer: {dense: {units: 6, activation: tanh}}}}",
          "{conv1d: {filters: 5, kernelSize: 3, padding: causal, dilationRate: 2}}",
          "{lstm: {units: 5, returnSequences: true}}, layerNormalization",
          "{simpleRnn: {units: 5, goBackwards: true, returnSequences: true}}, {dense: 4}, {lstm:"
              + " {units: 5, goBackwards: true, returnSequences: true}}");

  static Stream<Arguments> networks() {
    return Stream.of(Kernels.STOCK, Kernels.AUTO)
        .flatMap(
            kernels ->
                Stream.of(
                        LAST_STEP.stream()
                            .map(it -> Arguments.of(new Kind(false, false, false), it, kernels)),
                        PER_STEP.stream()
                            .map(it -> Arguments.of(new Kind(false, true, false), it, kernels)),
                        LAST_STEP.stream()
                            .map(
                                it ->
                                    Arguments.of(
                                        new Kind(true, false, false),
                                        "{embedding: 3}, " + it,
                                        kernels)),
                        PER_STEP.stream()
                            .map(
                                it ->
                                    Arguments.of(
                                        new Kind(true, true, false),
                                        "{embedding: 3}, " + it,
                                        kernels)))
                    .flatMap(it -> it));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("networks")
  void aMinibatchIsTheMeanOfItsExamples(Kind kind, String layers, Kernels kernels) {
    Block block = SequenceData.examples(kind, EXAMPLES);
    try (Replica replica = SequenceData.replica(kind, layers + ROW, kernels)) {
      float[] together = new float[replica.parameters()];
      double loss = gradient(replica, block, 0, EXAMPLES, together);
      double[] mean = new double[together.length];
      double meanLoss = 0;
      for (int i = 0; i < EXAMPLES; i++) {
        float[] one = new float[together.length];
        meanLoss += gradient(replica, block, i, i + 1, one) / EXAMPLES;
        for (int j = 0; j < one.length; j++) {
          mean[j] += one[j] / (double) EXAMPLES;
        }
      }
      assertThat(loss).isCloseTo(meanLoss, org.assertj.core.data.Offset.offset(1e-5));
      assertThat(difference(together, mean)).isLessThan(1e-5);
    }
  }

  /** Without a mask or with one of ones, as {@code [time, features]} or step by step: the same. */
  @ParameterizedTest
  @EnumSource(Kernels.class)
  void sequencesOfOneLengthAreSequencesOfAnyThatAreEqual(Kernels kernels) {
    Block fixed = SequenceData.examples(new Kind(false, false, true), EXAMPLES);
    Block ragged = SequenceData.stepByStep(fixed);
    String layers = "{bidirectional: {layer: {lstm: 5}}}" + ROW;
    try (Replica one = SequenceData.replica(new Kind(false, false, true), layers, kernels);
        Replica other = SequenceData.replica(new Kind(false, false, false), layers, kernels)) {
      float[] expected = new float[one.parameters()];
      gradient(one, fixed, 0, EXAMPLES, expected);
      float[] actual = new float[other.parameters()];
      gradient(other, ragged, 0, EXAMPLES, actual);
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static double gradient(Replica replica, Block block, int from, int to, float[] gradient) {
    var batcher = new Batcher(block.schema(), new Normalizer.Identity());
    return replica.gradient(batcher.assemble(block, from, to), 1, gradient);
  }

  /** Norm of the difference over the norm. */
  private static double difference(float[] actual, double[] expected) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < actual.length; i++) {
      error += Math.pow(actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    assertThat(norm).isPositive();
    return Math.sqrt(error / norm);
  }
}
