package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.evaluate.EvaluationAccumulator.Seen;
import io.lockstep.evaluate.Threshold.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Figures for imbalanced classes, against formulas written anew over lists of examples. */
class ImbalanceTest {
  private static final EvaluationSpec YES_NO = new EvaluationSpec(Task.BINARY, 1);

  private record Example(float score, boolean yes, float weight) {}

  /** One in eight is a yes; some scores are equal. */
  private static List<Example> examples(int count, boolean weighted) {
    var random = new SplittableRandom(3);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean yes = random.nextInt(8) == 0;
      double score = Math.min(0.999, random.nextDouble() * 0.6 + (yes ? 0.25 : 0));
      float shown = i % 3 == 0 ? Math.round(score * 20) / 20f : (float) score;
      float weight = weighted ? random.nextInt(5) * 0.25f : 1;
      examples.add(new Example(shown, yes, weight));
    }
    return examples;
  }

  private static EvaluationAccumulator measured(EvaluationSpec spec, List<Example> examples) {
    int width = spec.width();
    float[] outputs = new float[examples.size() * width];
    float[] labels = new float[outputs.length];
    float[] weights = new float[examples.size()];
    for (int i = 0; i < examples.size(); i++) {
      Example each = examples.get(i);
      weights[i] = each.weight();
      if (width == 1) {
        outputs[i] = each.score();
        labels[i] = each.yes() ? 1 : 0;
      } else {
        outputs[2 * i] = 1 - each.score();
        outputs[2 * i + 1] = each.score();
        labels[2 * i + (each.yes() ? 1 : 0)] = 1;
      }
    }
    var accumulator = new EvaluationAccumulator(spec);
    accumulator.add(
        new Seen(outputs, labels, weights, examples.size(), 1), List.of(), examples.size());
    return accumulator;
  }

  /** True and false positives, false and true negatives where scores above a threshold are yes. */
  private record Table(double tp, double fp, double fn, double tn) {
    static Table at(double threshold, List<Example> examples) {
      double[] cells = new double[4];
      for (Example each : examples) {
        boolean guess = each.score() > threshold;
        cells[(guess ? 0 : 2) + (guess == each.yes() ? (guess ? 0 : 1) : (guess ? 1 : 0))] +=
            each.weight();
      }
      return new Table(cells[0], cells[1], cells[2], cells[3]);
    }

    double f1() {
      double precision = tp / (tp + fp);
      double recall = tp / (tp + fn);
      return tp == 0 ? 0 : 2 / (1 / precision + 1 / recall);
    }

    double balancedAccuracy() {
      return (tp / (tp + fn) + tn / (tn + fp)) / 2;
    }

    double mcc() {
      return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    }

    double of(Goal goal) {
      return switch (goal) {
        case BEST_F1 -> f1();
        case BEST_BALANCED_ACCURACY -> balancedAccuracy();
        case BEST_MCC -> mcc();
      };
    }
  }

  @Test
  void figuresAreThoseOfTheFourCellsAtTheThreshold() {
    for (boolean weighted : List.of(false, true)) {
      List<Example> examples = examples(700, weighted);
      for (float threshold : new float[] {Float.NaN, 0.2f, 0.41f}) {
        for (EvaluationSpec plain : List.of(YES_NO, new EvaluationSpec(Task.CLASSIFICATION, 2))) {
          EvaluationResult result = measured(plain.withThreshold(threshold), examples).result();
          Table table = Table.at(Float.isNaN(threshold) ? 0.5 : threshold, examples);
          assertThat(result.metric("balancedAccuracy"))
              .isCloseTo(table.balancedAccuracy(), within(1e-12));
          assertThat(result.metric("mcc")).isCloseTo(table.mcc(), within(1e-12));
          assertThat(result.metric("f1")).isCloseTo(table.f1(), within(1e-12));
          assertThat(result.metric("recall"))
              .isCloseTo(table.tp() / (table.tp() + table.fn()), within(1e-12));
          assertThat(result.metric("precision"))
              .isCloseTo(table.tp() / (table.tp() + table.fp()), within(1e-12));
        }
      }
    }
  }

  @Test
  void averagePrecisionAndBrierAreMeansOverASortedList() {
    List<Example> examples = examples(500, true);
    EvaluationResult result = measured(YES_NO, examples).result();
    double positives = examples.stream().filter(Example::yes).mapToDouble(Example::weight).sum();
    double sum = 0;
    double squares = 0;
    double total = 0;
    for (Example each : examples) {
      squares += each.weight() * Math.pow(each.score() - (each.yes() ? 1 : 0), 2);
      total += each.weight();
      if (each.yes() && each.weight() > 0) {
        Table above = Table.at(Math.nextDown((double) each.score()), examples);
        sum += each.weight() * (above.tp() / (above.tp() + above.fp()));
      }
    }
    double brier = squares / total;
    assertThat(result.metric("averagePrecision")).isCloseTo(sum / positives, within(1e-9));
    assertThat(result.metric("brier")).isCloseTo(brier, within(1e-9));

    // Every pair of a yes and a no, in which the yes ought to have the higher score.
    double pairs = 0;
    double right = 0;
    for (Example yes : examples.stream().filter(Example::yes).toList()) {
      for (Example no : examples.stream().filter(it -> !it.yes()).toList()) {
        double weight = (double) yes.weight() * no.weight();
        int order = Float.compare(yes.score(), no.score());
        pairs += weight;
        right += weight * (order > 0 ? 1 : order == 0 ? 0.5 : 0);
      }
    }
    assertThat(result.metric("auc")).isCloseTo(right / pairs, within(1e-9));
  }

  @Test
  void theCorrelationOfManyClassesIsThatOfTheirIndicators() {
    int classes = 4;
    int rows = 400;
    var random = new SplittableRandom(11);
    float[] outputs = new float[rows * classes];
    float[] labels = new float[rows * classes];
    int[] actual = new int[rows];
    int[] guessed = new int[rows];
    for (int row = 0; row < rows; row++) {
      actual[row] = (int) (random.nextDouble() * random.nextDouble() * classes);
      guessed[row] = random.nextInt(3) > 0 ? actual[row] : random.nextInt(classes);
      outputs[row * classes + guessed[row]] = 1;
      labels[row * classes + actual[row]] = 1;
    }
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, classes));
    accumulator.add(outputs, labels, rows, 0);
    double both = 0;
    double ofGuesses = 0;
    double ofLabels = 0;
    double recalls = 0;
    for (int c = 0; c < classes; c++) {
      double[] guess = new double[rows];
      double[] label = new double[rows];
      double hits = 0;
      for (int row = 0; row < rows; row++) {
        guess[row] = guessed[row] == c ? 1 : 0;
        label[row] = actual[row] == c ? 1 : 0;
        hits += guess[row] * label[row];
      }
      both += covariance(guess, label);
      ofGuesses += covariance(guess, guess);
      ofLabels += covariance(label, label);
      recalls += hits / (mean(label) * rows);
    }
    EvaluationResult result = accumulator.result();
    assertThat(result.metric("mcc"))
        .isCloseTo(both / Math.sqrt(ofGuesses * ofLabels), within(1e-12));
    assertThat(result.metric("balancedAccuracy")).isCloseTo(recalls / classes, within(1e-12));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double covariance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - mean(one)) * (other[i] - mean(other));
    }
    return sum / one.length;
  }

  @ParameterizedTest
  @EnumSource(Goal.class)
  void theBestThresholdIsTheBestOfAll(Goal goal) {
    for (boolean weighted : List.of(false, true)) {
      List<Example> examples = examples(600, weighted);
      double best =
          new TreeSet<>(examples.stream().map(Example::score).toList())
              .stream()
                  .mapToDouble(it -> Table.at(Math.nextDown((double) it), examples).of(goal))
                  .filter(it -> !Double.isNaN(it))
                  .max()
                  .orElseThrow();
      for (EvaluationSpec spec : List.of(YES_NO, new EvaluationSpec(Task.CLASSIFICATION, 2))) {
        Threshold found = measured(spec, examples).best(goal).orElseThrow();
        assertThat(found.worth()).isCloseTo(best, within(1e-12));
        assertThat(found.value()).isBetween(0f, 1f);
        EvaluationResult there = measured(spec.withThreshold(found.value()), examples).result();
        assertThat(there.metric(goal.metric().word())).isCloseTo(best, within(1e-12));
        assertThat(there.toJson().path("threshold").floatValue()).isEqualTo(found.value());
      }
    }
  }

  @Test
  void beyondAMillionScoresTheBestOfTheBinsIsStillWhatItSays() {
    List<Example> few = examples(40_000, false);
    List<Example> many = new ArrayList<>();
    while (many.size() <= Scores.EXACT) {
      many.addAll(few);
    }
    Threshold exact = measured(YES_NO, few).best(Goal.BEST_F1).orElseThrow();
    Threshold binned = measured(YES_NO, many).best(Goal.BEST_F1).orElseThrow();
    assertThat(binned.worth()).isCloseTo(exact.worth(), within(5e-3));
    assertThat(Table.at(binned.value(), few).f1()).isCloseTo(binned.worth(), within(1e-12));
  }

  @Test
  void whereAllIsOfOneKindNoThresholdIsBest() {
    List<Example> no = examples(100, false).stream().filter(it -> !it.yes()).toList();
    for (Goal goal : Goal.values()) {
      assertThat(measured(YES_NO, no).best(goal)).isEmpty();
    }
    EvaluationResult result = measured(YES_NO, no).result();
    assertThat(result.metric("mcc")).isNaN();
    assertThat(result.metric("averagePrecision")).isNaN();
  }

  @Test
  void ofEquallyGoodThresholdsTheMiddlingOneIsTaken() {
    List<Example> apart =
        List.of(new Example(0.1f, false, 1), new Example(0.8f, true, 1), new Example(0.9f, true, 1))
            .stream()
            .sorted(Comparator.comparingDouble(Example::score))
            .toList();
    Threshold found = measured(YES_NO, apart).best(Goal.BEST_MCC).orElseThrow();
    assertThat(found.worth()).isCloseTo(1, within(1e-12));
    assertThat(found.value()).isCloseTo(0.45f, within(1e-6f));
  }
}
