package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.generate.Sampling;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.TrainingState;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a text file to a network that writes it, with its state carried from window to window. */
class LanguageModelTest {
  private static final String LINE = "the quick brown fox jumps over the lazy dog\n";

  @TempDir private static Path folder;
  private static TrainedModel trained;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(folder.resolve("fox.txt"), LINE.repeat(80));
    trained = Training.of(plan("run").epochs(20).build()).run();
  }

  private static PlanBuilder plan(String run) {
    String windows = "textWindows: {path: %s/fox.txt, length: 20}".formatted(folder);
    return PlanBuilder.named("fox")
        .train(windows)
        .test(windows)
        .validation(0.1)
        .layers(
            "embedding: {outputDim: 8}",
            "lstm: {units: 32, returnSequences: true}",
            "dense: {activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(8)
        .localSteps(2)
        .epochs(2)
        .set("training.stateful", true)
        .set("run.engine", "inProcess")
        .directory(folder.resolve(run).toString());
  }

  @Test
  void itWritesOnAsTheTextItHasRead() throws IOException {
    String text =
        Generation.of(trained.directory())
            .prompt("the quick br")
            .length(100)
            .sampling(new Sampling(0, 0, 1))
            .run();

    assertThat("the quick br" + text).isEqualTo(LINE.repeat(3).substring(0, 112));
  }

  @Test
  void withoutAPromptItBeginsAfterANewLine() throws IOException {
    var generation = Generation.of(trained.directory()).length(43);

    assertThat(generation.sampling(new Sampling(0, 0, 1)).run())
        .hasSize(43)
        .contains("quick brown fox jumps");
  }

  @Test
  void theModelFileIsAllItNeedsAndTheSeedDecides() throws IOException {
    Path alone = Files.copy(folder.resolve("run/model.zip"), folder.resolve("fox.zip"));
    var generation = Generation.of(alone.toString()).length(200).sampling(new Sampling(3, 0, 1));

    String text = generation.seed(1).run();

    assertThat(text).hasSize(200).doesNotContain("[");
    assertThat(generation.seed(1).run()).isEqualTo(text);
    assertThat(generation.seed(2).run()).isNotEqualTo(text);
  }

  @Test
  void charactersItHasNeverSeenAreNamed() {
    assertThatThrownBy(() -> Generation.of(trained.directory()).prompt("The über").run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'T' 'ü'")
        .hasMessageContaining("abcdefghijklmnopqrstuvwxyz");
  }

  @Test
  void whatItHesitatesAmongIsMeasured() {
    var test = trained.test().orElseThrow();

    assertThat(test.metric("perplexity")).isBetween(1.0, 1.3);
    assertThat(test.metric("bitsPerToken"))
        .isCloseTo(Math.log(test.metric("perplexity")) / Math.log(2), within(1e-9));
    assertThat(test.examples()).isEqualTo(LINE.length() * 80L - 1);
  }

  /** The same windows, each begun from zero state, are harder to foretell. */
  @Test
  void evaluatingTheFileCarriesTheStateToo() throws IOException {
    var measured = trained.evaluate(folder + "/fox.txt");

    assertThat(measured.metric("perplexity"))
        .isCloseTo(trained.test().orElseThrow().metric("perplexity"), within(0.02));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void stoppedWithinAnEpochOrOnSparkTheBitsAreTheSame(Mode mode) throws IOException {
    PlanBuilder plan = plan("whole-" + mode).mode(mode);
    if (mode == Mode.GRADIENT) {
      plan.localSteps(1);
    }
    TrainedModel whole = Training.of(plan.build()).run();
    String stopped = folder.resolve("stopped-" + mode).toString();
    int[] asked = {0};
    Training.of(plan.build()).directory(stopped).stopWhen(() -> asked[0]++ == 7).run();
    TrainedModel resumed = Training.resume(stopped).run();
    assertThat(resumed.outcome()).isEqualTo(Outcome.FINISHED);
    TrainedModel onSpark =
        Training.of(plan.set("run.engine", "spark").set("run.master", "local[2]").build())
            .directory(folder + "/on-spark-" + mode)
            .run();

    for (TrainedModel other : List.of(resumed, onSpark)) {
      assertThat(state(other).parameters()).isEqualTo(state(whole).parameters());
      assertThat(other.test().orElseThrow().toJson())
          .isEqualTo(whole.test().orElseThrow().toJson());
    }
  }

  private static TrainingState state(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration()).state();
  }

  @Test
  void aModelOfOtherThingsDoesNotWrite() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "x,y\n" + "1,a\n2,b\n".repeat(10));
    TrainedModel other =
        Training.of(
                PlanBuilder.named("other")
                    .train("csv: {path: %s/a.csv, label: y}".formatted(folder))
                    .layers("dense: {units: 2, activation: softmax}")
                    .loss("categoricalCrossentropy")
                    .optimizer("adam")
                    .set("run.engine", "inProcess")
                    .directory(folder + "/other")
                    .build())
            .run();

    assertThatThrownBy(() -> Generation.of(other.directory()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no language model");
  }
}
