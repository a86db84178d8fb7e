package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.model.SequenceData.Kind;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.ps.TrainingState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of networks with time steps are those of their losses: finite differences. */
class SequenceGradientTest {
  private static final int EXAMPLES = 9;
  private static final String ROW = ", {dense: {units: 4, activation: softmax}}";

  private static final List<String> OF_ANY_LENGTH =
      List.of(
          "{lstm: {units: 5, recurrentActivation: hardSigmoid, unitForgetBias: false}}",
          "{simpleRnn: {units: 5, activation: sigmoid, biasInitializer: 0.1}}",
          "{gru: {units: 5, recurrentActivation: hardSigmoid, biasInitializer: 0.1}}",
          "{gru: {units: 5, resetAfter: false}}",
          "{bidirectional: {layer: {gru: 5}}}",
          "{bidirectional: {layer: {lstm: 5}}}",
          "{bidirectional: {layer: {lstm: 5}, mergeMode: sum}}",
          "{bidirectional: {layer: {lstm: 5}, mergeMode: mul}}",
          "{bidirectional: {layer: {simpleRnn: 5}, mergeMode: ave}}",
          "{bidirectional: {layer: {lstm: {units: 5, returnSequences: true}}, mergeMode: mul}},"
              + " globalAveragePooling1d",
          "{dense: 5}, {activation: sigmoid}, {simpleRnn: 4}",
          "{dense: 5}, layerNormalization, {lstm: {units: 4, returnSequences: true}},"
              + " layerNormalization, globalAveragePooling1d",
          "{lstm: {units: 5, goBackwards: true, returnSequences: true}}, {gru: {units: 4,"
              + " goBackwards: true}}",
          "{simpleRnn: {units: 5, goBackwards: true, returnSequences: true}},"
              + " globalAveragePooling1d",
          "{lstm: 4}, {repeatVector: 3}, {simpleRnn: {units: 4, returnSequences: true}},"
              + " globalAveragePooling1d");

  private static final List<String> OF_ONE_LENGTH =
      List.of(
          "{conv1d: {filters: 5, kernelSize: 3, activation: tanh}}, {maxPooling1d: 2}, {lstm: 4}",
          "{conv1d: {filters: 5, kernelSize: 3, strides: 2, padding: same}}, {lstm: 4}",
          "{conv1d: {filters: 5, kernelSize: 2, padding: causal, dilationRate: 2, useBias: false}},"
              + " {averagePooling1d: {pool: 3, strides: 2}}, globalAveragePooling1d",
          "{conv1d: {filters: 5, kernelSize: 3}}, {dense: 4}, {dense: 4}, {lstm: 3}");

  static Stream<Arguments> networks() {
    Kind ragged = new Kind(false, false, false);
    Kind fixed = new Kind(false, false, true);
    Stream<Arguments> any =
        OF_ANY_LENGTH.stream()
            .flatMap(it -> Stream.of(Arguments.of(ragged, it), Arguments.of(fixed, it)));
    return Stream.concat(any, OF_ONE_LENGTH.stream().map(it -> Arguments.of(fixed, it)));
  }

  /** The loss falls along the gradient as fast as the gradient is long. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("networks")
  void theLossChangesAsTheGradientSays(Kind kind, String layers) {
    Block block = SequenceData.examples(kind, EXAMPLES);
    var batcher = new Batcher(block.schema(), new Normalizer.Identity());
    try (Replica replica = SequenceData.replica(kind, layers + ROW, Kernels.AUTO)) {
      float[] gradient = new float[replica.parameters()];
      replica.gradient(batcher.assemble(block, 0, EXAMPLES), 1, gradient);
      double square = 0;
      for (float value : gradient) {
        square += value * value;
      }
      TrainingState start = replica.state();
      double step = 0.002 / Math.sqrt(square);
      double up = loss(replica, moved(start, gradient, step), batcher, block);
      double down = loss(replica, moved(start, gradient, -step), batcher, block);
      assertThat((up - down) / (2 * step)).isCloseTo(square, within(0.01 * square));
    }
  }

  private static TrainingState moved(TrainingState start, float[] gradient, double step) {
    float[] parameters = start.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (step * gradient[i]);
    }
    return new TrainingState(parameters, start.updater(), start.step(), start.epoch());
  }

  private static double loss(Replica replica, TrainingState state, Batcher batcher, Block block) {
    replica.load(state);
    return replica.evaluate(batcher.assemble(block, 0, EXAMPLES)).loss();
  }
}
