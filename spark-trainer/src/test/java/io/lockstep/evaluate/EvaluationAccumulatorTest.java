package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationAccumulatorTest {
  private static final int ROWS = 240;

  static Stream<EvaluationSpec> specs() {
    return Stream.of(
        new EvaluationSpec(Task.CLASSIFICATION, 5, 2),
        new EvaluationSpec(Task.CLASSIFICATION, 2),
        new EvaluationSpec(Task.BINARY, 1),
        new EvaluationSpec(Task.BINARY, 3),
        new EvaluationSpec(Task.REGRESSION, 2));
  }

  private static float[] outputs(EvaluationSpec spec) {
    Random random = new Random(7);
    float[] values = new float[ROWS * spec.width()];
    for (int i = 0; i < values.length; i++) {
      // Rounded, so that there are ties, some of them at one half.
      values[i] = Math.round(random.nextFloat() * 16) / 16f;
    }
    return values;
  }

  private static float[] labels(EvaluationSpec spec) {
    Random random = new Random(8);
    float[] values = new float[ROWS * spec.width()];
    for (int row = 0; row < ROWS; row++) {
      if (spec.task() == Task.CLASSIFICATION) {
        values[row * spec.width() + random.nextInt(spec.width())] = 1;
        continue;
      }
      for (int column = 0; column < spec.width(); column++) {
        values[row * spec.width() + column] = random.nextInt(2);
      }
    }
    return values;
  }

  private static EvaluationAccumulator of(EvaluationSpec spec, int from, int to) {
    var accumulator = new EvaluationAccumulator(spec);
    int width = spec.width();
    accumulator.add(
        Arrays.copyOfRange(outputs(spec), from * width, to * width),
        Arrays.copyOfRange(labels(spec), from * width, to * width),
        to - from,
        0.25);
    return accumulator;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void theMetricsOfATaskAreKnownBeforeItIsMeasured(EvaluationSpec spec) {
    assertThat(of(spec, 0, ROWS).result().metrics().keySet()).isEqualTo(spec.metrics());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void mergedPartsEqualTheWholeInAnyOrder(EvaluationSpec spec) {
    EvaluationResult whole = of(spec, 0, ROWS).result();
    for (int[] order : new int[][] {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
      int[] cuts = {0, 7, 100, ROWS};
      var merged = new EvaluationAccumulator(spec);
      for (int part : order) {
        merged.merge(of(spec, cuts[part], cuts[part + 1]));
      }
      assertThat(merged.examples()).isEqualTo(ROWS);
      EvaluationResult result = merged.result();
      assertThat(result.metrics().keySet()).isEqualTo(whole.metrics().keySet());
      result
          .metrics()
          .forEach(
              (metric, value) -> {
                double tolerance = spec.task() == Task.REGRESSION ? 1e-12 : 0;
                assertThat(value).isEqualTo(whole.metrics().get(metric), within(tolerance));
              });
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void bytesCarryTheWholeState(EvaluationSpec spec) {
    EvaluationAccumulator state = of(spec, 0, 99);

    EvaluationAccumulator copy = EvaluationAccumulator.decode(state.encode());

    assertThat(copy.result().toJson()).isEqualTo(state.result().toJson());
    assertThat(copy.encode()).isEqualTo(state.encode());
    copy.merge(of(spec, 99, ROWS));
    assertThat(copy.examples()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void bytesThatAreCutLongOrForeignAreRefused(EvaluationSpec spec) {
    byte[] bytes = of(spec, 0, 50).encode();

    for (int length = 0; length < bytes.length; length += 5) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatIllegalArgumentException().isThrownBy(() -> EvaluationAccumulator.decode(cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatIllegalArgumentException().isThrownBy(() -> EvaluationAccumulator.decode(longer));
    byte[] foreign = bytes.clone();
    foreign[0]++;
    assertThatIllegalArgumentException().isThrownBy(() -> EvaluationAccumulator.decode(foreign));
    byte[] wide = bytes.clone();
    wide[15] = 0x7f; // the highest byte of the width: two billion columns
    assertThatIllegalArgumentException().isThrownBy(() -> EvaluationAccumulator.decode(wide));
  }

  @Test
  void equalScoresCountHalfInTheAreaWhateverTheirOrder() {
    var spec = new EvaluationSpec(Task.BINARY, 1);
    float[] outputs = outputs(spec);
    float[] labels = labels(spec);

    assertThat(of(spec, 0, ROWS).result().metric("auc"))
        .isEqualTo(mannWhitney(outputs, labels), within(1e-15));
  }

  /** Share of the pairs of a yes and a no in which the yes scores higher, ties counted half. */
  private static double mannWhitney(float[] outputs, float[] labels) {
    double won = 0;
    long pairs = 0;
    for (int i = 0; i < outputs.length; i++) {
      for (int j = 0; j < outputs.length; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          won += outputs[i] > outputs[j] ? 1 : outputs[i] == outputs[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return won / pairs;
  }

  @Test
  void areasAlsoHoldForNegativeScoresAndBothZeros() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.BINARY, 1));
    accumulator.add(new float[] {-2, -1, -0f, 0f, 3}, new float[] {0, 1, 0, 1, 1}, 5, 0);

    // Pairs: (-1 > -2), (-1 < -0), (0 > -2), (0 = -0), (3 > -2), (3 > -0): 4.5 of 6.
    assertThat(accumulator.result().metric("auc")).isEqualTo(0.75);
  }

  @Test
  void areasAreUndefinedWithoutBothKindsOfExamples() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.BINARY, 1));
    accumulator.add(new float[] {0.2f, 0.9f}, new float[] {0, 0}, 2, 0);

    EvaluationResult result = accumulator.result();

    assertThat(result.metric("auc")).isNaN();
    assertThat(result.toJson().at("/metrics/auc").isNull()).isTrue();
    assertThat(result.metric("accuracy")).isEqualTo(0.5);
  }

  @Test
  void lossIsTheMeanOverExamplesNotOverBatches() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.REGRESSION, 1));
    accumulator.add(new float[3], new float[3], 3, 1.0);
    accumulator.add(new float[1], new float[1], 1, 5.0);

    assertThat(accumulator.result().metric("loss")).isEqualTo(2.0);
  }

  @Test
  void r2KeepsItsDigitsFarFromZero() {
    var parts = new EvaluationAccumulator(new EvaluationSpec(Task.REGRESSION, 1));
    for (int part = 0; part < 10; part++) {
      var one = new EvaluationAccumulator(parts.spec());
      float[] labels = {1_000_000 + part, 1_000_000 - part};
      float[] outputs = {1_000_000.5f + part, 1_000_000.5f - part};
      one.add(outputs, labels, 2, 0);
      parts.merge(one);
    }
    // Squared errors 20 * 0.25 = 5; squared deviations 2 * (0 + 1 + 4 + ... + 81) = 570.
    assertThat(parts.result().metric("r2")).isEqualTo(1 - 5.0 / 570, within(1e-12));
  }

  @Test
  void anOutputThatIsNotANumberIsRefusedWithItsPlace() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.REGRESSION, 2));

    assertThatThrownBy(
            () -> accumulator.add(new float[] {1, 2, 3, Float.NaN}, new float[4], 2, Double.NaN))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("row 1, column 1");
    assertThat(accumulator.examples()).isZero();
  }

  @Test
  void aMetricThatTheTaskLacksIsRefusedWithThoseItHas() {
    EvaluationResult result = of(new EvaluationSpec(Task.REGRESSION, 2), 0, 10).result();

    assertThatThrownBy(() -> result.metric("accuracy"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Metric 'accuracy' is not measured for regression; measured are loss, mse, mae, rmse,"
                + " r2");
  }

  @Test
  void evaluationsOfDifferentThingsAreNotMerged() {
    var five = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, 5));
    var four = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, 4));

    assertThatIllegalArgumentException().isThrownBy(() -> five.merge(four));
  }

  @Test
  void moreThanAThousandClassesAreCountedWithoutConfusion() {
    int width = ClassTally.CONFUSION_CLASSES + 1;
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, width));
    float[] outputs = new float[width];
    outputs[width - 1] = 1;

    accumulator.add(outputs, outputs, 1, 0);

    EvaluationResult result = EvaluationAccumulator.decode(accumulator.encode()).result();
    assertThat(result.confusion()).isEmpty();
    assertThat(result.metric("accuracy")).isEqualTo(1);
  }

  @Test
  void namesGoIntoTheResultIfTheirNumberFits() {
    EvaluationAccumulator yesOrNo = of(new EvaluationSpec(Task.BINARY, 1), 0, 20);

    assertThat(yesOrNo.result(List.of("benign", "malignant")).classes())
        .extracting(ClassScores::name)
        .containsExactly("benign", "malignant");
    assertThat(yesOrNo.result(List.of("y")).classes())
        .extracting(ClassScores::name)
        .containsExactly("0", "1");
  }
}
