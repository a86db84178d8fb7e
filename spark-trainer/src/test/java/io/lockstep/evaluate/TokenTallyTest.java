package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenTallyTest {
  private static final EvaluationSpec SPEC = new EvaluationSpec(Task.LANGUAGE_MODEL, 3, 2);

  /** Right tokens have the probabilities 0.5 (first), 0.25 (second) and 0.125 (last). */
  private static final float[] OUTPUTS = {
    0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f, 0.5f, 0.375f, 0.125f
  };

  private static final float[] LABELS = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  private static EvaluationAccumulator seen(int from, int rows) {
    var accumulator = new EvaluationAccumulator(SPEC);
    float[] outputs = new float[rows * 3];
    float[] labels = new float[rows * 3];
    System.arraycopy(OUTPUTS, from * 3, outputs, 0, rows * 3);
    System.arraycopy(LABELS, from * 3, labels, 0, rows * 3);
    accumulator.add(outputs, labels, rows, 7, 1);
    return accumulator;
  }

  /** In bits 1, 2 and 3: in the mean 2, so the model hesitates among 4 tokens. */
  @Test
  void perplexityIsTwoToTheBits() {
    Map<Metric, Double> metrics = seen(0, 3).result().metrics();

    assertThat(metrics.get(Metric.BITS_PER_TOKEN)).isCloseTo(2, within(1e-12));
    assertThat(metrics.get(Metric.PERPLEXITY)).isCloseTo(4, within(1e-12));
    assertThat(metrics.get(Metric.CROSS_ENTROPY)).isCloseTo(2 * Math.log(2), within(1e-12));
    assertThat(metrics.get(Metric.ACCURACY)).isEqualTo(1 / 3.0);
    assertThat(metrics.get(Metric.TOP_K)).isEqualTo(2 / 3.0);
    assertThat(metrics.keySet()).isEqualTo(SPEC.metrics());
  }

  @Test
  void partsAreMergedAndTravel() {
    EvaluationAccumulator whole = EvaluationAccumulator.decode(seen(0, 1).encode());
    whole.merge(EvaluationAccumulator.decode(seen(1, 2).encode()));

    assertThat(whole.result().metrics()).isEqualTo(seen(0, 3).result().metrics());
  }

  @Test
  void anImpossibleTokenCostsMuchButNotAll() {
    var accumulator = new EvaluationAccumulator(SPEC);
    accumulator.add(new float[] {1, 0, 0}, new float[] {0, 1, 0}, 1, 7);

    assertThat(accumulator.result().metrics().get(Metric.BITS_PER_TOKEN)).isBetween(99.0, 100.0);
  }
}
