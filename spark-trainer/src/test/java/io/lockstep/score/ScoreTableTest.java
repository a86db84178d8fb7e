package io.lockstep.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.Replica.Scored;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which columns come out of which outputs, and what stands in them. */
class ScoreTableTest {
  private static final Labels ANIMALS = new Labels.Classes(List.of("cat", "dog", "Dog"));

  private static ScoreTable table(Labels labels, int width, boolean perStep, Wanted wanted) {
    return new ScoreTable(new Outputs(labels, List.of(width), List.of(perStep), !perStep), wanted);
  }

  private static List<String> names(ScoreTable table) {
    return table.columns().stream().map(ScoreColumn::name).toList();
  }

  private static Object[] row(ScoreTable table, int example, Scored... scored) {
    Object[] row = new Object[table.columns().size()];
    table.fill(List.of(scored), example, row, 0);
    return row;
  }

  private static Scored fixed(int width, float... values) {
    int rows = values.length / width;
    int[] starts = new int[rows + 1];
    double[] losses = new double[rows];
    for (int i = 0; i <= rows; i++) {
      starts[i] = i;
    }
    for (int i = 0; i < rows; i++) {
      losses[i] = i + 0.5;
    }
    return new Scored(values, width, starts, false, losses);
  }

  @Test
  void classes() {
    var table = table(ANIMALS, 3, false, Wanted.PREDICTION.withProbabilities().withTopK(2));
    // Names that differ in case alone would be one column to Spark.
    assertThat(names(table))
        .containsExactly(
            "prediction",
            "probability",
            "probability_cat",
            "probability_dog",
            "probability_Dog_2",
            "top1",
            "top1_probability",
            "top2",
            "top2_probability",
            "loss");
    assertThat(row(table, 1, fixed(3, 1, 0, 0, .25f, .5f, .25f)))
        .containsExactly("dog", .5f, .25f, .5f, .25f, "dog", .5f, "cat", .25f, 1.5);
  }

  @Test
  void twoClassesByOneOutput() {
    var table = table(new Labels.Classes(List.of("no", "yes")), 1, false, Wanted.PREDICTION);
    assertThat(names(table))
        .containsExactly("prediction", "probability", "probability_no", "probability_yes", "loss");
    assertThat(row(table, 0, fixed(1, .25f, .5f, .75f)))
        .containsExactly("no", .75f, .75f, .25f, .5);
    // As metrics count it: a yes is more than a half.
    assertThat(row(table, 1, fixed(1, .25f, .5f, .75f))[0]).isEqualTo("no");
    assertThat(row(table, 2, fixed(1, .25f, .5f, .75f)))
        .containsExactly("yes", .75f, .25f, .75f, 2.5);
  }

  @Test
  void numbers() {
    var one = table(new Labels.Targets(List.of("price")), 1, false, Wanted.PREDICTION.withRaw());
    assertThat(names(one)).containsExactly("prediction", "raw", "loss");
    assertThat(row(one, 0, fixed(1, 7))).containsExactly(7f, new float[] {7}, .5);
    var two = table(new Labels.Targets(List.of("x", "y")), 2, false, Wanted.PREDICTION);
    assertThat(names(two)).containsExactly("prediction_x", "prediction_y", "loss");
    assertThat(row(two, 1, fixed(2, 1, 2, 3, 4))).containsExactly(3f, 4f, 1.5);
  }

  @Test
  void severalOutputs() {
    var labels =
        new Labels.Several(
            List.of("kind", "size"), List.of(ANIMALS, new Labels.Targets(List.of("cm"))));
    var table =
        new ScoreTable(
            new Outputs(labels, List.of(3, 1), List.of(false, false), true), Wanted.PREDICTION);
    assertThat(names(table))
        .containsExactly(
            "kind_prediction",
            "kind_probability",
            "size_prediction",
            "kind_loss",
            "size_loss",
            "loss");
    assertThat(row(table, 0, fixed(3, 0, 1, 0), fixed(1, 30)))
        .containsExactly("dog", 1f, 30f, .5, .5, 1.0);
  }

  @Test
  void aValueForEachTimeStep() {
    var scored =
        new Scored(
            new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, new int[] {0, 1, 3}, true, new double[0]);
    var table = table(ANIMALS, 3, true, Wanted.PREDICTION.withRaw());
    assertThat(table.columns()).allMatch(ScoreColumn::perStep);
    assertThat((Object[]) row(table, 1, scored)[0]).containsExactly("dog", "Dog");
    assertThat((Object[]) row(table, 0, scored)[1]).containsExactly(1f);

    var flat = table(ANIMALS, 3, true, Wanted.PREDICTION.withRaw().flattened());
    assertThat(flat.columns()).noneMatch(ScoreColumn::perStep);
    assertThat(row(flat, 1, scored))
        .containsExactly("[\"dog\",\"Dog\"]", "[1.0,1.0]", "[[0.0,1.0,0.0],[0.0,0.0,1.0]]");
  }

  @Test
  void moreOfTheMostProbableThanThereAre() {
    assertThatThrownBy(() -> table(ANIMALS, 3, false, Wanted.PREDICTION.withTopK(4)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("3 classes");
    assertThatThrownBy(
            () -> table(new Labels.Targets(List.of("x")), 1, false, Wanted.PREDICTION.withTopK(1)))
        .isInstanceOf(InputException.class);
  }
}
