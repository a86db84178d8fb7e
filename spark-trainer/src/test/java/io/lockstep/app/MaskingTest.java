package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Padded sequences in a table, wherever the padding stands, are the sequences without it. */
class MaskingTest {
  private static final int TIME = 6;
  private static final int FEATURES = 2;
  private static final double NOTHING = -1;

  @TempDir private Path folder;

  /** Where steps that are none stand. */
  private enum Padding {
    FRONT,
    END,
    BETWEEN;

    List<double[]> of(List<double[]> steps) {
      List<double[]> padded = new ArrayList<>(steps);
      for (int i = 0; padded.size() < TIME; i++) {
        int between = Math.min(padded.size(), 1 + 2 * i);
        int at = this == FRONT ? 0 : this == END ? padded.size() : between;
        padded.add(at, new double[] {NOTHING, NOTHING});
      }
      return padded;
    }
  }

  /** Sequences of 1 to 6 steps; one feature of a step may well be what padding is. */
  private static List<List<double[]>> sequences(int count) {
    var random = new SplittableRandom(5);
    List<List<double[]>> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<double[]> steps = new ArrayList<>();
      for (int step = 1 + random.nextInt(TIME); step > 0; step--) {
        steps.add(new double[] {random.nextInt(3) == 0 ? NOTHING : 0, 1 + random.nextInt(9)});
      }
      sequences.add(steps);
    }
    return sequences;
  }

  private Path write(String name, Padding padding, List<List<double[]>> sequences)
      throws IOException {
    var table = new StringBuilder("a,b,c,d,e,f,g,h,i,j,k,l,class\n");
    for (List<double[]> steps : sequences) {
      for (double[] step : padding.of(steps)) {
        table.append(step[0]).append(',').append(step[1]).append(',');
      }
      table.append(steps.size() % 2 == 0 ? "even" : "odd").append('\n');
    }
    return Files.writeString(folder.resolve(name), table);
  }

  private PlanBuilder plan(Path table, String run) {
    return PlanBuilder.named("masking")
        .train("csv: {path: %s, label: class, shape: [6, 2]}".formatted(table))
        .test("csv: {path: %s, label: class, shape: [6, 2]}".formatted(table))
        .set("data.normalize", "standardize")
        .layers(
            "masking: -1",
            "lstm: {units: 4, returnSequences: true}",
            "bidirectional: {layer: {gru: {units: 3, returnSequences: true}}}",
            "simpleRnn: 4",
            "dense: {units: 2, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(8)
        .epochs(2)
        .set("run.engine", "inProcess")
        .directory(folder.resolve(run).toString());
  }

  @Test
  void blocksHoldTheStepsThatAreThere() throws IOException {
    List<List<double[]>> sequences = sequences(40);
    for (Padding padding : Padding.values()) {
      Path table = write("blocks.csv", padding, sequences);
      var source =
          new CsvSource(
              table.toString(), CsvOptions.classes("class").withShape(TIME, FEATURES).masked(-1));

      Block block = SourceReading.blocks(source, new Configuration()).get(0);

      assertThat(block.size()).isEqualTo(sequences.size());
      for (int row = 0; row < block.size(); row++) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < block.steps(0, row) * FEATURES; i++) {
          values.add(block.values(0).at(block.from(0, row) + i));
        }
        assertThat(values)
            .isEqualTo(
                sequences.get(row).stream()
                    .flatMap(step -> List.of(step[0], step[1]).stream())
                    .collect(Collectors.toList()));
      }
    }
  }

  @Test
  void trainingEvaluationAndTheModelAreTheSameWhereverThePaddingStands() throws IOException {
    List<List<double[]>> sequences = sequences(60);
    float[] expected = null;
    for (Padding padding : Padding.values()) {
      Path table = write(padding + ".csv", padding, sequences);
      EvaluationResult test =
          Training.of(plan(table, "run-" + padding).build()).run().test().orElseThrow();
      ModelFile model =
          ModelFile.read(
              folder.resolve("run-" + padding + "/model.zip").toString(),
              Kernels.AUTO,
              new Configuration());
      expected = expected == null ? model.state().parameters() : expected;
      assertThat(model.state().parameters()).isEqualTo(expected);

      String alone = folder.resolve("run-" + padding + "/model.zip").toString();
      Path end = write("later.csv", Padding.END, sequences);
      EvaluationResult again = Evaluation.of(alone).data(end.toString()).run();
      assertThat(again.metric("loss")).isCloseTo(test.metric("loss"), within(1e-6));
    }
  }

  @Test
  void anExampleWithoutAnyStepIsRefusedWithItsLine() throws IOException {
    List<List<double[]>> sequences = sequences(9);
    sequences.set(3, List.of(new double[] {-1, -1}));
    Path table = write("none.csv", Padding.END, sequences);

    assertThatThrownBy(() -> Training.of(plan(table, "none").build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.csv line 5: no time step is there")
        .hasMessageContaining("is -1");
  }

  @Test
  void whatHasNoStepsIsRefused() throws IOException {
    Path table = write("flat.csv", Padding.END, sequences(9));
    PlanBuilder flat = plan(table, "flat").train("csv: {path: %s, label: class}".formatted(table));

    assertThatThrownBy(() -> Training.of(flat.build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("shape: [time, features]");
  }
}
