package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threshold of a model: chosen on the validation part, and what everyone then goes by. */
class ThresholdTest {
  private static final int ROWS = 400;
  private static final int HELD = 100;

  @TempDir private Path folder;

  /** One in eight is a yes, none of which is sure. */
  @BeforeEach
  void writeTables() throws IOException {
    Random random = new Random(8);
    String header = "x,y,sick\n";
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      boolean yes = random.nextInt(8) == 0;
      rows.add(
          String.format(
              Locale.ROOT,
              "%f,%f,%s%n",
              random.nextGaussian() + (yes ? 1.2 : 0),
              random.nextGaussian(),
              yes ? "yes" : "no"));
    }
    Files.writeString(folder.resolve("train.csv"), header + String.join("", rows));
    String held = String.join("", rows.subList(ROWS - HELD, ROWS));
    Files.writeString(folder.resolve("held.csv"), header + held);
  }

  private PlanBuilder plan(int units) {
    return PlanBuilder.named("sick")
        .train("csv: {path: %s/train.csv, label: sick}".formatted(folder))
        .test("csv: {path: %s/held.csv, label: sick}".formatted(folder))
        .validation(HELD / (double) ROWS)
        .set("data.holdOut", "last")
        .layers(
            "dense: {units: 6, activation: tanh}",
            "dense: {units: %d, activation: %s}"
                .formatted(units, units == 1 ? "sigmoid" : "softmax"))
        .loss(units == 1 ? "binaryCrossentropy" : "categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(16)
        .epochs(3)
        .set("run.engine", "inProcess");
  }

  private TrainedModel train(PlanBuilder plan, String name) throws IOException {
    return Training.of(plan.build()).directory(folder + "/" + name).run();
  }

  /** What was actual, predicted, and the output for yes, of each row. */
  private record Scored(String actual, String predicted, double yes) {}

  private List<Scored> scores(TrainedModel model) throws IOException {
    String to = model.directory() + "-scores";
    Scoring.of(model.directory()).data(folder + "/held.csv").master("local[2]").write(to);
    List<Scored> scored = new ArrayList<>();
    List<String> header = List.of();
    try (var files = Files.list(Path.of(to))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".csv")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        header = Arrays.asList(lines.get(0).split(",", -1));
        for (String line : lines.subList(1, lines.size())) {
          String[] values = line.split(",", -1);
          scored.add(
              new Scored(
                  values[header.indexOf("sick")],
                  values[header.indexOf("prediction")],
                  Double.parseDouble(values[header.indexOf("probability_yes")])));
        }
      }
    }
    assertThat(scored).hasSize(HELD);
    return scored;
  }

  private static double f1(List<Scored> scores, double threshold) {
    double hits =
        scores.stream().filter(it -> it.yes() > threshold && it.actual().equals("yes")).count();
    double guessed = scores.stream().filter(it -> it.yes() > threshold).count();
    double actual = scores.stream().filter(it -> it.actual().equals("yes")).count();
    return 2 * hits / (guessed + actual);
  }

  /** The test set is the validation part here, so what was chosen there can be seen. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void itIsChosenSavedAndGoneBy(int units) throws IOException {
    TrainedModel usual = train(plan(units), "usual");
    assertThat(usual.test().orElseThrow().toJson().has("threshold")).isFalse();

    PlanBuilder best = plan(units).set("evaluation.threshold", "bestF1");
    TrainedModel model = train(best, "best");
    double threshold =
        ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
            .card()
            .threshold()
            .orElseThrow();
    List<Scored> scores = scores(model);
    double chosen = f1(scores, threshold);
    assertThat(chosen)
        .isEqualTo(scores.stream().mapToDouble(it -> f1(scores, it.yes() - 1e-9)).max().orElse(0));
    assertThat(scores)
        .allMatch(it -> it.predicted().equals(it.yes() > threshold ? "yes" : "no"))
        .anyMatch(it -> it.predicted().equals("yes") != (it.yes() > 0.5));
    assertThat(model.test().orElseThrow().metric("f1"))
        .isCloseTo(chosen, within(1e-12))
        .isGreaterThan(usual.test().orElseThrow().metric("f1"));
    assertThat(model.test().orElseThrow().toJson().path("threshold").floatValue())
        .isEqualTo((float) threshold);

    assertThat(model.evaluate(folder + "/held.csv").metric("f1")).isCloseTo(chosen, within(1e-12));
    assertThat(
            Evaluation.of(model.directory()).threshold(0.5).master("local[2]").run().metric("f1"))
        .isEqualTo(usual.test().orElseThrow().metric("f1"));

    TrainedModel onSpark =
        train(best.set("run.engine", "spark").set("run.master", "local[2]"), "spark");
    assertThat(onSpark.test().orElseThrow().toJson())
        .isEqualTo(model.test().orElseThrow().toJson());
  }

  @Test
  void aGivenOneHoldsFromTheFirstEvaluationOn() throws IOException {
    TrainedModel model = train(plan(1).set("evaluation.threshold", "0.125"), "given");
    assertThat(model.test().orElseThrow().toJson().path("threshold").asDouble()).isEqualTo(0.125);
    assertThat(model.scores("validation").orElseThrow().path("threshold").asDouble())
        .isEqualTo(0.125);
    assertThat(scores(model))
        .allMatch(it -> it.predicted().equals(it.yes() > 0.125 ? "yes" : "no"));
  }

  @Test
  void whereNothingIsHeldOutNothingCanBeChosen() {
    assertThatThrownBy(
            () -> train(plan(1).validation(0).set("evaluation.threshold", "bestMcc"), "none"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("evaluation.threshold is chosen on the validation part");
    assertThatThrownBy(() -> plan(1).set("evaluation.threshold", "bestF2").build())
        .hasMessageContaining("did you mean bestF1");
    assertThatThrownBy(() -> plan(1).set("evaluation.threshold", "1.5").build())
        .hasMessageContaining("evaluation.threshold");
    assertThatThrownBy(() -> Evaluation.of("anywhere").threshold(1.5))
        .isInstanceOf(InputException.class);
  }
}
