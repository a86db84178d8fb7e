package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The numbers are those of DL4J's evaluation classes on one machine. */
class Dl4jComparisonTest {
  private static final double EXACT = 1e-12;

  /**
   * Random outputs and labels.
   *
   * @param name of the case
   * @param levels distinct output values; few of them make ties
   * @param classes that labels are drawn from, the others are absent
   */
  record Case(String name, int rows, int width, int levels, int classes, long seed) {
    float[] outputs() {
      Random random = new Random(seed);
      float[] outputs = new float[rows * width];
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = (1 + random.nextInt(levels)) / (levels + 1f);
      }
      return outputs;
    }

    float[] labels() {
      Random random = new Random(seed + 1);
      float[] labels = new float[rows * width];
      for (int row = 0; row < rows; row++) {
        labels[row * width + random.nextInt(classes)] = 1;
      }
      return labels;
    }

    float[] yesOrNo() {
      Random random = new Random(seed + 2);
      float[] labels = new float[rows * width];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextInt(3) == 0 ? 1 : 0;
      }
      return labels;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> classifications() {
    return Stream.of(
            new Case("ten classes", 500, 10, 1 << 20, 10, 1),
            new Case("ties among outputs", 500, 10, 3, 10, 2),
            new Case("all outputs equal", 50, 5, 1, 5, 3),
            new Case("absent classes", 200, 8, 1 << 20, 3, 4),
            new Case("one class only", 40, 4, 1 << 20, 1, 5),
            new Case("one example", 1, 3, 1 << 20, 3, 6),
            new Case("three classes", 301, 3, 100, 3, 7))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("classifications")
  void severalClassesGiveTheNumbersOfEvaluation(Case given) {
    for (int k : new int[] {1, 2, 3}) {
      Evaluation expected = new Evaluation(names(given.width()), k);
      expected.eval(matrix(given, given.labels()), matrix(given, given.outputs()));
      EvaluationResult result =
          evaluate(
              new EvaluationSpec(Task.CLASSIFICATION, given.width(), k), given, given.labels());

      assertThat(result.metric("accuracy")).isEqualTo(expected.accuracy());
      assertThat(result.metric("precision")).isEqualTo(expected.precision(), within(EXACT));
      assertThat(result.metric("recall")).isEqualTo(expected.recall(), within(EXACT));
      assertSame(result.metric("f1"), expected.f1());
      if (k > 1) {
        assertThat(result.metric("topK")).isEqualTo(expected.topNAccuracy());
      }
      assertSameClasses(result, expected, given.width());
    }
  }

  static Stream<Arguments> binaries() {
    return Stream.of(
            new Case("yes and no", 400, 2, 1 << 20, 2, 11),
            new Case("ties", 400, 2, 4, 2, 12),
            new Case("only no", 30, 2, 1 << 20, 1, 13))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void twoClassesReportTheSecondAsEvaluationDoes(Case given) {
    Evaluation expected = new Evaluation(2);
    expected.eval(matrix(given, given.labels()), matrix(given, given.outputs()));
    EvaluationResult result =
        evaluate(new EvaluationSpec(Task.CLASSIFICATION, 2), given, given.labels());

    assertThat(result.metric("accuracy")).isEqualTo(expected.accuracy());
    assertThat(result.metric("precision")).isEqualTo(expected.precision());
    assertThat(result.metric("recall")).isEqualTo(expected.recall());
    assertThat(result.metric("f1")).isEqualTo(expected.f1());
    assertSameClasses(result, expected, 2);
  }

  @ParameterizedTest
  @MethodSource("yesNoColumns")
  void oneSigmoidOutputGivesTheNumbersOfEvaluation(Case given) {
    Evaluation expected = new Evaluation(2);
    expected.eval(matrix(given, given.yesOrNo()), matrix(given, given.outputs()));
    EvaluationResult result = evaluate(new EvaluationSpec(Task.BINARY, 1), given, given.yesOrNo());

    assertThat(result.metric("accuracy")).isEqualTo(expected.accuracy());
    assertThat(result.metric("precision")).isEqualTo(expected.precision());
    assertThat(result.metric("recall")).isEqualTo(expected.recall());
    assertThat(result.metric("f1")).isEqualTo(expected.f1(), within(EXACT));
    assertSameClasses(result, expected, 2);
  }

  static Stream<Arguments> yesNoColumns() {
    return Stream.of(
            new Case("one column", 300, 1, 1 << 20, 1, 21),
            new Case("outputs of exactly one half", 300, 1, 3, 1, 22))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("severalYesNoColumns")
  void severalSigmoidOutputsGiveTheNumbersOfEvaluationBinary(Case given) {
    EvaluationBinary expected = new EvaluationBinary();
    expected.eval(matrix(given, given.yesOrNo()), matrix(given, given.outputs()));
    EvaluationResult result =
        evaluate(new EvaluationSpec(Task.BINARY, given.width()), given, given.yesOrNo());

    assertThat(result.metric("accuracy")).isEqualTo(expected.averageAccuracy(), within(EXACT));
    assertThat(result.metric("precision")).isEqualTo(expected.averagePrecision(), within(EXACT));
    assertThat(result.metric("recall")).isEqualTo(expected.averageRecall(), within(EXACT));
    assertThat(result.metric("f1")).isEqualTo(expected.averageF1(), within(EXACT));
    for (int column = 0; column < given.width(); column++) {
      ClassScores scores = result.classes().get(column);
      assertThat(scores.precision()).isEqualTo(expected.precision(column));
      assertThat(scores.recall()).isEqualTo(expected.recall(column));
    }
  }

  static Stream<Arguments> severalYesNoColumns() {
    return Stream.of(
            new Case("four columns", 300, 4, 1 << 20, 1, 31),
            new Case("ties at one half", 300, 3, 3, 1, 32))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void areasUnderCurvesAreThoseOfRocWithoutThresholds(Case given) {
    // Distinct scores: among equal ones DL4J's areas depend on the order of the examples.
    float[] outputs = distinct(given.rows(), given.seed());
    ROC expected = new ROC(0);
    expected.eval(column(given.yesOrNo()), column(outputs));

    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.BINARY, 1));
    accumulator.add(outputs, given.yesOrNo(), given.rows(), 0);
    EvaluationResult result = accumulator.result();

    assertThat(result.metric("auc")).isEqualTo(expected.calculateAUC(), within(1e-9));
    assertThat(result.metric("auprc")).isEqualTo(expected.calculateAUCPR(), within(1e-9));
  }

  static Stream<Arguments> curves() {
    return Stream.of(
            new Case("ten", 10, 1, 1, 1, 41),
            new Case("a thousand", 1000, 1, 1, 1, 42),
            new Case("beyond one allocation", 5000, 1, 1, 1, 43))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("regressions")
  void numbersGiveThoseOfRegressionEvaluation(Case given) {
    float[] outputs = given.outputs();
    float[] labels = distinct(given.rows() * given.width(), given.seed());
    RegressionEvaluation expected = new RegressionEvaluation(given.width());
    // In double, since DL4J sums each call in the type of the labels.
    expected.eval(
        matrix(given, labels).castTo(DataType.DOUBLE),
        matrix(given, outputs).castTo(DataType.DOUBLE));
    EvaluationResult result =
        evaluate(new EvaluationSpec(Task.REGRESSION, given.width()), given, labels);

    assertThat(result.metric("mse")).isEqualTo(expected.averageMeanSquaredError(), within(EXACT));
    assertThat(result.metric("mae")).isEqualTo(expected.averageMeanAbsoluteError(), within(EXACT));
    assertThat(result.metric("rmse"))
        .isEqualTo(expected.averagerootMeanSquaredError(), within(EXACT));
    assertThat(result.metric("r2")).isEqualTo(expected.averageRSquared(), within(1e-9));
    for (int column = 0; column < given.width(); column++) {
      ColumnScores scores = result.columns().get(column);
      assertThat(scores.mse()).isEqualTo(expected.meanSquaredError(column), within(EXACT));
      assertThat(scores.r2()).isEqualTo(expected.rSquared(column), within(1e-9));
    }
  }

  static Stream<Arguments> regressions() {
    return Stream.of(
            new Case("one column", 200, 1, 1 << 20, 1, 51),
            new Case("five columns", 333, 5, 1 << 20, 1, 52))
        .map(Arguments::of);
  }

  private static EvaluationResult evaluate(EvaluationSpec spec, Case given, float[] labels) {
    var accumulator = new EvaluationAccumulator(spec);
    accumulator.add(given.outputs(), labels, given.rows(), 0);
    return accumulator.result();
  }

  private static void assertSameClasses(EvaluationResult result, Evaluation expected, int width) {
    for (int c = 0; c < width; c++) {
      ClassScores scores = result.classes().get(c);
      assertThat(scores.precision()).isEqualTo(expected.precision(c));
      assertThat(scores.recall()).isEqualTo(expected.recall(c));
      assertThat(scores.f1()).isEqualTo(expected.f1(c), within(EXACT));
      for (int p = 0; p < width; p++) {
        assertThat(result.confusion().orElseThrow().count(c, p))
            .isEqualTo(expected.getConfusionMatrix().getCount(c, p));
      }
    }
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static void assertSame(double found, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(found).isNaN();
      return;
    }
    assertThat(found).isEqualTo(expected, within(EXACT));
  }

  private static INDArray matrix(Case given, float[] values) {
    return Nd4j.create(values, new long[] {given.rows(), given.width()}, 'c');
  }

  private static INDArray column(float[] values) {
    return Nd4j.create(values, new long[] {values.length, 1}, 'c');
  }

  /** {@code count} different values in (0, 1) in random order. */
  private static float[] distinct(int count, long seed) {
    Random random = new Random(seed + 3);
    Float[] values = new Float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i + 1) / (count + 1f);
    }
    Collections.shuffle(Arrays.asList(values), random);
    float[] result = new float[count];
    for (int i = 0; i < count; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
