package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler calls again and again. The plan leaves loss and activation to the data. */
class ResumeOrBeginTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void writeTable() throws IOException {
    run = folder.resolve("run");
    Random random = new Random(7);
    var text = new StringBuilder("x,y,side\n");
    for (int i = 0; i < 120; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      text.append(x).append(',').append(y).append(x > y ? ",right\n" : ",left\n");
    }
    Files.writeString(folder.resolve("train.csv"), text);
  }

  private ResolvedPlan plan(Path directory, int epochs) {
    return new ResolvedPlan(
        PlanBuilder.named("sides")
            .train("csv: {path: %s/train.csv, label: side}".formatted(folder))
            .normalize(Normalization.STANDARDIZE)
            .layers("dense: {units: 4, activation: tanh}", "dense")
            .optimizer("adam: {learningRate: 0.1}")
            .replicas(2)
            .batch(8)
            .localSteps(2)
            .epochs(epochs)
            .set("run.engine", "inProcess")
            .directory(directory.toString())
            .build(),
        Origins.NONE);
  }

  private ResolvedPlan plan() {
    return plan(run, 3);
  }

  /** A session that is stopped after {@code rounds}, as Ctrl-C does. */
  private TrainedModel stopped(int rounds) throws IOException {
    var asked = new int[1];
    return Training.resumeOrBegin(plan()).stopWhen(() -> asked[0]++ == rounds).run();
  }

  @Test
  void theSameCallBeginsGoesOnAndRestsWhenAllIsDone() throws IOException {
    byte[] whole =
        Files.readAllBytes(
            Path.of(Training.of(plan(folder.resolve("other"), 3)).run().file().orElseThrow()));

    assertThat(stopped(3).outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(stopped(4).outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(Training.resumeOrBegin(plan()).run().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(run.resolve("model.zip")).hasBinaryContent(whole);

    Files.delete(folder.resolve("train.csv")); // what is done needs no data
    var notes = new ArrayList<String>();
    TrainedModel again = Training.resumeOrBegin(plan()).listener(noting(notes)).run();

    assertThat(again.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(notes).hasSize(1).first().asString().contains(run + " is finished");
    assertThat(run.resolve("model.zip")).hasBinaryContent(whole);
  }

  @Test
  void theRunOfAnotherPlanIsLeftAlone() throws IOException {
    stopped(3);
    String events = Files.readString(run.resolve("events.jsonl"));

    assertThatThrownBy(() -> Training.resumeOrBegin(plan(run, 4)).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(run + " holds a run of another plan")
        .hasMessageContaining("training.epochs: 3, now 4")
        .hasMessageNotContaining("loss");

    assertThat(run.resolve("events.jsonl")).hasContent(events);
    assertThat(Training.resumeOrBegin(plan()).run().outcome()).isEqualTo(Outcome.FINISHED);
  }

  /** A finished run of another plan is no reason to say that all is done. */
  @Test
  void aFinishedRunIsThatOfThePlanHoweverThePlanIsWritten() throws IOException {
    Training.resumeOrBegin(plan()).run();
    Path full = run.resolve("plan.yaml");
    ResolvedPlan inFull = PlanFile.resolve(full.toString(), List.of(), new Configuration());

    assertThat(Training.resumeOrBegin(inFull).run().outcome()).isEqualTo(Outcome.FINISHED);
    assertThatThrownBy(() -> Training.resumeOrBegin(plan(run, 4)).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training.epochs: 3, now 4");
  }

  private static TrainingListener noting(List<String> notes) {
    return new TrainingListener() {
      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }
}
