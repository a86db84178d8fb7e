package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private static final Terminal UNICODE = new Terminal(true, 80, true, false);
  private static final Terminal COLOR = new Terminal(true, 80, true, true);

  /** Ten digits, 100 of each right; every 3 in two is taken for a 5 once more. */
  private static EvaluationResult digits(int classes, List<String> names) {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, classes));
    for (int c = 0; c < classes; c++) {
      add(accumulator, c, c, 100);
    }
    add(accumulator, 3, 5, 50);
    return accumulator.result(names);
  }

  private static void add(EvaluationAccumulator accumulator, int label, int guess, int times) {
    int classes = accumulator.spec().width();
    float[] labels = new float[classes * times];
    float[] outputs = new float[classes * times];
    for (int row = 0; row < times; row++) {
      labels[row * classes + label] = 1;
      outputs[row * classes + guess] = 1;
    }
    accumulator.add(outputs, labels, times, 0.5);
  }

  @Test
  void tenClassesFitIntoEightyColumns() {
    EvaluationResult result = digits(10, List.of());

    for (Terminal terminal : List.of(Terminal.PLAIN, UNICODE)) {
      assertThat(ResultTable.render(result, terminal).lines())
          .allMatch(line -> line.length() <= 80)
          .anyMatch(line -> line.contains("predicted"));
    }
  }

  @Test
  void aTableHasMetricsClassesAndConfusion() {
    assertThat(ResultTable.render(digits(6, List.of()), Terminal.PLAIN))
        .isEqualTo(
            """
            650 examples
              loss                 0.5000
              accuracy             0.9231
              precision            0.9444
              recall               0.9444
              f1                   0.9333
              balancedAccuracy     0.9444
              mcc                  0.9143

              class   examples  precision   recall       f1
              0            100     1.0000   1.0000   1.0000
              1            100     1.0000   1.0000   1.0000
              2            100     1.0000   1.0000   1.0000
              3            150     1.0000   0.6667   0.8000
              4            100     1.0000   1.0000   1.0000
              5            100     0.6667   1.0000   0.8000

                     predicted
              actual   0    1    2    3    4    5
              0      100    .    .    .    .    .
              1        .  100    .    .    .    .
              2        .    .  100    .    .    .
              3        .    .    .  100    .   50
              4        .    .    .    .  100    .
              5        .    .    .    .    .  100
            """);
  }

  @Test
  void countsAreShadedByTheirShareOfTheRow() {
    String table = ResultTable.render(digits(6, List.of()), UNICODE);

    assertThat(table).contains("100▓").contains("50▒").contains("100█").contains("·");
    assertThat(ResultTable.render(digits(6, List.of()), COLOR)).contains("\033[48;5;252m");
  }

  @Test
  void namesOfClassesStandInTheTable() {
    List<String> names = List.of("ant", "bee", "caterpillar", "dragonfly", "earwig", "fly");

    assertThat(ResultTable.render(digits(6, names), Terminal.PLAIN).lines())
        .anyMatch(line -> line.startsWith("  dragonfly          150"))
        .anyMatch(line -> line.contains("dragon"));
  }

  @Test
  void manyClassesAreTheWorstOnesAndTheMostFrequentConfusions() {
    List<String> names = IntStream.range(0, 60).mapToObj(i -> "class " + i).toList();

    String table = ResultTable.render(digits(60, names), Terminal.PLAIN);

    assertThat(table)
        .contains("the 20 of 60 classes with the lowest f1")
        .contains("most frequent confusions\n        50  class 3 taken for class 5\n");
    assertThat(table.lines()).hasSizeLessThan(40);
  }

  @Test
  void columnsOfNumbersHaveARowEach() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.REGRESSION, 2));
    accumulator.add(new float[] {1, 10, 2, 30}, new float[] {1, 20, 2, 40}, 2, 1.5);

    assertThat(ResultTable.render(accumulator.result(List.of("width", "weight")), Terminal.PLAIN))
        .isEqualTo(
            """
            2 examples
              loss           1.5000
              mse           50.0000
              mae            5.0000
              rmse           5.0000
              r2             0.5000

              column         mse         mae        rmse          r2
              width       0.0000      0.0000      0.0000      1.0000
              weight    100.0000     10.0000     10.0000      0.0000
            """);
  }

  @Test
  void anUndefinedMetricIsADash() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.BINARY, 1));
    accumulator.add(new float[] {0.2f}, new float[] {0}, 1, 0.1);

    assertThat(ResultTable.line(accumulator.result())).endsWith("auc -");
  }

  @Test
  void aCurveIsPlottedBetweenItsExtremes() {
    double[] values = IntStream.range(0, 100).mapToDouble(i -> 2.0 / (1 + i)).toArray();
    values[50] = Double.NaN;

    List<String> ascii = TextPlot.render("loss", values, "rounds", Terminal.PLAIN);

    assertThat(ascii)
        .hasSize(11)
        .allMatch(line -> line.length() <= 80 && line.matches("\\p{ASCII}*"))
        .anyMatch(line -> line.matches("\\s+\\d\\.\\d+ \\+\\*.*"));
    assertThat(ascii.get(10)).endsWith("100 rounds");
    assertThat(String.join("\n", TextPlot.render("loss", values, "rounds", UNICODE)))
        .contains("•", "┤", "└");
    assertThat(Arrays.asList(TextPlot.render("loss", new double[1], "rounds", UNICODE)))
        .containsExactly(List.of());
  }
}
