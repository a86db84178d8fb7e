package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.evaluate.EvaluationAccumulator.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An example of weight 3 counts like three examples, one of weight 0 like none. */
class WeightedMetricsTest {
  private static final int ROWS = 300;

  static Stream<EvaluationSpec> specs() {
    return Stream.of(
        new EvaluationSpec(Task.CLASSIFICATION, 5, 2),
        new EvaluationSpec(Task.CLASSIFICATION, 2),
        new EvaluationSpec(Task.CLASSIFICATION, 2).withThreshold(0.3f),
        new EvaluationSpec(Task.BINARY, 1),
        new EvaluationSpec(Task.BINARY, 1).withThreshold(0.7f),
        new EvaluationSpec(Task.BINARY, 3),
        new EvaluationSpec(Task.REGRESSION, 2),
        new EvaluationSpec(Task.FORECAST, 2),
        new EvaluationSpec(Task.LANGUAGE_MODEL, 4, 2));
  }

  /** Rows of a task: outputs, labels, and what forecasts are compared with. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Rows(EvaluationSpec spec, float[][] values) {
    static Rows of(EvaluationSpec spec) {
      var random = new SplittableRandom(5);
      float[][] values = new float[4][ROWS * spec.width()];
      for (float[] each : values) {
        for (int i = 0; i < each.length; i++) {
          each[i] = Math.round(random.nextDouble() * 64) / 64f; // there are ties
        }
      }
      if (spec.task().hasClasses()) {
        Arrays.fill(values[1], 0);
        for (int row = 0; row < ROWS; row++) {
          values[1][row * spec.width() + random.nextInt(spec.width())] = 1;
        }
      }
      return new Rows(spec, values);
    }

    /** Adds these rows, in several forward passes. */
    EvaluationAccumulator add(List<Integer> rows, float[] weights) {
      var accumulator = new EvaluationAccumulator(spec);
      for (int from = 0; from < rows.size(); from += 64) {
        List<Integer> some = rows.subList(from, Math.min(from + 64, rows.size()));
        List<float[]> given = Stream.of(values).map(it -> picked(it, some)).toList();
        float[] own = weights == null ? null : new float[some.size()];
        for (int i = 0; own != null && i < own.length; i++) {
          own[i] = weights[some.get(i)];
        }
        accumulator.add(
            new Seen(given.get(0), given.get(1), own, some.size(), 1),
            spec.task() == Task.FORECAST ? given.subList(2, 4) : List.of(),
            1);
      }
      return accumulator;
    }

    private float[] picked(float[] from, List<Integer> rows) {
      int width = spec.width();
      float[] picked = new float[rows.size() * width];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(from, rows.get(i) * width, picked, i * width, width);
      }
      return picked;
    }
  }

  private static void assertSameFigures(
      EvaluationResult one, EvaluationResult other, double tolerance) {
    assertThat(one.metrics().keySet()).isEqualTo(other.metrics().keySet());
    one.metrics()
        .forEach(
            (metric, value) ->
                assertThat(value)
                    .as(metric.word())
                    .isCloseTo(other.metrics().get(metric), within(tolerance)));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void wholeWeightsAreRepeatedExamples(EvaluationSpec spec) {
    Rows rows = Rows.of(spec);
    float[] weights = new float[ROWS];
    List<Integer> once = new ArrayList<>();
    List<Integer> repeated = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      weights[row] = row * 7 % 4;
      once.add(row);
      for (int i = 0; i < weights[row]; i++) {
        repeated.add(row);
      }
    }
    EvaluationResult weighted = rows.add(once, weights).result();
    EvaluationResult plain = rows.add(repeated, null).result();
    assertSameFigures(weighted, plain, 1e-12);
    assertThat(weighted.examples()).isEqualTo(ROWS);
    for (int c = 0; c < weighted.classes().size(); c++) {
      assertThat(weighted.classes().get(c).recall()).isEqualTo(plain.classes().get(c).recall());
    }
    EvaluationResult unweighted = rows.add(once, null).result();
    boolean differs =
        unweighted.metrics().keySet().stream()
            .anyMatch(
                it -> Math.abs(unweighted.metrics().get(it) - weighted.metrics().get(it)) > 1e-3);
    assertThat(differs).isTrue();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void weightsThatAreAllOneAreTheVeryBitsOfNone(EvaluationSpec spec) {
    Rows rows = Rows.of(spec);
    List<Integer> all = Stream.iterate(0, it -> it + 1).limit(ROWS).toList();
    float[] ones = new float[ROWS];
    Arrays.fill(ones, 1);
    assertThat(rows.add(all, ones).encode()).isEqualTo(rows.add(all, null).encode());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void partsAreMergedAndCarriedWithTheirWeights(EvaluationSpec spec) {
    Rows rows = Rows.of(spec);
    float[] weights = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      weights[row] = (float) (1 / (1.0 + row % 17));
    }
    List<Integer> all = Stream.iterate(0, it -> it + 1).limit(ROWS).toList();
    EvaluationResult whole = rows.add(all, weights).result();
    var forwards = new EvaluationAccumulator(spec);
    var backwards = new EvaluationAccumulator(spec);
    for (int part = 0; part < 3; part++) {
      EvaluationAccumulator ahead = rows.add(all.subList(part * 100, part * 100 + 100), weights);
      forwards.merge(EvaluationAccumulator.decode(ahead.encode()));
      int from = ROWS - 100 - part * 100;
      backwards.merge(rows.add(all.subList(from, from + 100), weights));
    }
    assertSameFigures(forwards.result(), whole, 1e-9);
    assertSameFigures(backwards.result(), whole, 1e-9);
    if (spec.isYesNo()) { // scores are sorted before they are added up
      for (String area : List.of("auc", "auprc", "averagePrecision")) {
        assertThat(backwards.result().metric(area)).isEqualTo(whole.metric(area));
      }
    }
  }

  @Test
  void whereAllWeighNothingNothingIsDefined() {
    for (EvaluationSpec spec : specs().toList()) {
      List<Integer> all = List.of(0, 1, 2);
      EvaluationResult result = Rows.of(spec).add(all, new float[ROWS]).result();
      result
          .metrics()
          .forEach(
              (metric, value) -> {
                boolean byClass = metric == Metric.PRECISION || metric == Metric.RECALL;
                if (metric != Metric.LOSS && metric != Metric.F1 && !byClass) {
                  assertThat(value).as(spec.task() + " " + metric.word()).isNaN();
                }
              });
    }
  }
}
