package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.evaluate.EvaluationAccumulator.Seen;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Errors of forecasts are those of the formulas, however the examples are shared out. */
class ForecastTallyTest {
  private static final EvaluationSpec SPEC = new EvaluationSpec(Task.FORECAST, 3);

  @Test
  void scaledErrorsAreThoseOfTheFormula() {
    int rows = 20;
    var random = new SplittableRandom(5);
    float[] outputs = numbers(random, 3 * rows);
    float[] labels = numbers(random, 3 * rows);
    float[] naive = numbers(random, 3 * rows);
    float[] scales = numbers(random, 3 * rows);
    double mase = 0;
    double naiveMase = 0;
    double naiveMae = 0;
    int counted = 0;
    for (int i = 0; i < 3 * rows; i++) {
      scales[i] = i % 7 == 0 ? 0 : i % 11 == 0 ? Float.NaN : 0.5f + Math.abs(scales[i]);
      naiveMae += Math.abs(naive[i] - labels[i]) / (3.0 * rows);
      if (scales[i] > 0) {
        mase += Math.abs(outputs[i] - labels[i]) / scales[i];
        naiveMase += Math.abs(naive[i] - labels[i]) / scales[i];
        counted++;
      }
    }
    var whole = new EvaluationAccumulator(SPEC);
    for (int row = 0; row < rows; row += 5) {
      var part = new EvaluationAccumulator(SPEC);
      part.add(
          new Seen(slice(outputs, row), slice(labels, row), null, 5, 1),
          List.of(slice(naive, row), slice(scales, row)),
          5);
      whole.merge(EvaluationAccumulator.decode(part.encode()));
    }
    EvaluationResult result = whole.result();
    assertThat(result.metrics().keySet()).isEqualTo(SPEC.metrics());
    assertThat(result.metric("mase")).isCloseTo(mase / counted, within(1e-6));
    assertThat(result.metric("naiveMase")).isCloseTo(naiveMase / counted, within(1e-6));
    assertThat(result.metric("naiveMae")).isCloseTo(naiveMae, within(1e-6));
    assertThat(result.metric("mae")).isNotCloseTo(naiveMae, within(1e-3));
  }

  @Test
  void seriesWithoutAScaleAreLeftOut() {
    var tally = new EvaluationAccumulator(SPEC);
    float[] values = {1, 2, 3};
    tally.add(new Seen(values, values, null, 1, 0), List.of(values, new float[3]), 1);
    assertThat(tally.result().metric("mase")).isNaN();
    assertThat(tally.result().metric("mae")).isZero();
  }

  private static float[] numbers(SplittableRandom random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextDouble() * 10 - 5);
    }
    return numbers;
  }

  private static float[] slice(float[] values, int row) {
    return java.util.Arrays.copyOfRange(values, 3 * row, 3 * (row + 5));
  }
}
