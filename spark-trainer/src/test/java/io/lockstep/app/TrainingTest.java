package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.Metric;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.Position;
import io.lockstep.run.Provenance.Aspect;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeTables() throws IOException {
    for (String name : List.of("train", "test")) {
      Random random = new Random(name.hashCode());
      var text = new StringBuilder("x,y,side\n");
      for (int i = 0; i < 120; i++) {
        double x = random.nextGaussian();
        double y = random.nextGaussian();
        text.append(x).append(',').append(y).append(x > y ? ",right\n" : ",left\n");
      }
      Files.writeString(folder.resolve(name + ".csv"), text);
    }
  }

  private PlanBuilder plan() {
    return PlanBuilder.named("sides")
        .train("csv: {path: %s/train.csv, label: side}".formatted(folder))
        .test("csv: {path: %s/test.csv, label: side}".formatted(folder))
        .validation(0.2)
        .normalize(Normalization.STANDARDIZE)
        .layers("dense: {units: 2, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("sgd: {learningRate: 0.5}")
        .replicas(2)
        .batch(8)
        .localSteps(2)
        .epochs(3)
        .set("run.engine", "inProcess")
        .directory(folder.resolve("run").toString());
  }

  @Test
  void aPlanBecomesAModelThatCanBeEvaluated() throws IOException {
    TrainedModel model = Training.of(plan().build()).run();

    assertThat(model.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(Path.of(model.file().orElseThrow())).exists();
    EvaluationResult test = model.test().orElseThrow();
    assertThat(test.metric("accuracy")).isGreaterThan(0.9);
    EvaluationResult again = model.evaluate(folder.resolve("test.csv").toString());
    assertThat(again.metrics().get(Metric.ACCURACY)).isEqualTo(test.metrics().get(Metric.ACCURACY));
    assertThat(model.end().epoch()).isEqualTo(3);
  }

  @Test
  void dataOfOneClassIsMeasuredUnderTheNamesOfTheModel() throws IOException {
    TrainedModel model = Training.of(plan().build()).run();
    StringBuilder right = new StringBuilder("y,x,side\n");
    for (int i = 0; i < 20; i++) {
      right.append("%d,%d,right%n".formatted(-i - 1, i + 1));
    }
    Path file = Files.writeString(folder.resolve("right.csv"), right);

    EvaluationResult result = model.evaluate(file.toString());

    assertThat(result.metric("accuracy")).isEqualTo(1);
    assertThat(result.toJson().at("/classes/0/name").asText()).isEqualTo("left");
    assertThat(result.toJson().at("/classes/1/name").asText()).isEqualTo("right");
    assertThat(result.toJson().at("/classes/1/examples").asInt()).isEqualTo(20);
    Path up = Files.writeString(folder.resolve("up.csv"), "x,y,side\n1,2,up\n");
    assertThatThrownBy(() -> model.evaluate(up.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 'up' is not among the classes left, right");
  }

  @Test
  void theUsersOwnSparkIsUsedAndStaysOpen() throws IOException {
    TrainedModel alone = Training.of(plan().build()).run();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate()) {
      TrainedModel model =
          Training.of(plan().build())
              .spark(spark)
              .directory(folder.resolve("on-spark").toString())
              .run();

      assertThat(model.events()).anyMatch(it -> it.path("engine").asText().equals("spark"));
      assertThat(model.test().orElseThrow().toJson())
          .isEqualTo(alone.test().orElseThrow().toJson());
      assertThat(model.evaluation().run().metric("accuracy"))
          .isEqualTo(model.test().orElseThrow().metric("accuracy"));
      assertThat(spark.range(3).count()).isEqualTo(3);
    }
  }

  @Test
  void listenersSeeWhatHappensInItsOrder() throws IOException {
    List<String> seen = new ArrayList<>();
    Training.of(plan().epochs(1).build())
        .listener(
            new TrainingListener() {
              @Override
              public void prepared(TrainingOutline outline) {
                assertThat(Path.of(outline.directory())).doesNotExist();
                seen.add("prepared " + outline.trained() + " " + outline.test());
              }

              @Override
              public void began(Position from) {
                seen.add("began");
              }

              @Override
              public void round(Position next, double loss) {
                seen.add("round " + next.round());
              }

              @Override
              public void evaluated(int epoch, Part part, EvaluationResult result) {
                seen.add("evaluated " + epoch + " " + part);
              }
            })
        .run();

    assertThat(seen)
        .containsExactly(
            "prepared 96 120", "began", "round 1", "round 2", "round 3", "evaluated 0 VALIDATION");
  }

  @Test
  void aStoppedTrainingIsResumedToTheSameResult() throws IOException {
    TrainedModel whole = Training.of(plan().build()).run();
    String directory = folder.resolve("stopped").toString();
    int[] asked = {0};

    TrainedModel stopped =
        Training.of(plan().build()).directory(directory).stopWhen(() -> asked[0]++ == 4).run();

    assertThat(stopped.outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(stopped.file()).isEmpty();
    assertThatThrownBy(stopped::evaluation).hasMessageContaining("stopped");
    TrainedModel resumed = Training.resume(directory).run();
    assertThat(resumed.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(resumed.test().orElseThrow().toJson())
        .isEqualTo(whole.test().orElseThrow().toJson());
  }

  @Test
  void anErrorInTheRoundsIsRecorded() throws IOException {
    Training training =
        Training.of(plan().build())
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(Position next, double loss) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                });

    assertThatThrownBy(training::run).isInstanceOf(OutOfMemoryError.class);

    assertThat(Files.readString(folder.resolve("run/events.jsonl")))
        .contains("\"outcome\":\"failed\"", "LOCKSTEP_MEMORY");
  }

  /** Scala throws checked exceptions that Java's compiler knows nothing of. */
  @Test
  void aCheckedExceptionOfScalaIsRecordedToo() throws IOException {
    Training training =
        Training.of(plan().build())
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(Position next, double loss) {
                    TrainingTest.<RuntimeException>sneak(new Exception("executor 3 is gone"));
                  }
                });

    assertThatThrownBy(training::run).hasMessage("executor 3 is gone");

    assertThat(Files.readString(folder.resolve("run/events.jsonl")))
        .contains("\"outcome\":\"failed\"", "executor 3 is gone");
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Exception e) throws E {
    throw (E) e;
  }

  @Test
  void anUnknownMasterIsRefusedBeforeAnythingIsWritten() {
    Training training =
        Training.of(plan().set("run.engine", "spark").set("run.master", "foo").build());

    assertThatThrownBy(training::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'foo'")
        .hasMessageContaining("local[4]");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aFinishedRunIsNotTouchedByResuming() throws IOException {
    Training.of(plan().build()).run();
    byte[] model = Files.readAllBytes(folder.resolve("run/model.zip"));
    Files.writeString(folder.resolve("train.csv"), "x,y,side\n1,2,left\n3,1,right\n2,9,left\n");
    List<String> notes = new ArrayList<>();

    TrainedModel again =
        Training.resume(folder.resolve("run").toString()).listener(noting(notes)).run();

    assertThat(again.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(again.end().epoch()).isEqualTo(3);
    assertThat(again.scores("test")).isPresent();
    assertThat(Files.readAllBytes(folder.resolve("run/model.zip"))).isEqualTo(model);
    assertThat(notes).singleElement().asString().contains("is finished", "--from");
  }

  @Test
  void dataThatChangedIsRefusedByNameUnlessItIsAccepted() throws IOException {
    String directory = folder.resolve("run").toString();
    int[] asked = {0};
    Training.of(plan().build()).stopWhen(() -> asked[0]++ == 4).run();
    Path data = folder.resolve("train.csv");
    Files.writeString(data, Files.readString(data).replaceFirst("left", "right"));

    assertThatThrownBy(() -> Training.resume(directory).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.train: was content")
        .hasMessageContaining("--accept-changes data");

    List<String> notes = new ArrayList<>();
    TrainedModel model =
        Training.resume(directory).accept(Set.of(Aspect.DATA)).listener(noting(notes)).run();
    assertThat(model.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(notes).anyMatch(note -> note.contains("changed: data.train"));
    assertThat(Verification.ledger(directory).isExact()).isFalse();
  }

  @Test
  void aNewRunTakesUpTheStateOfAnother() throws IOException {
    Training.of(plan().build()).run();
    List<String> notes = new ArrayList<>();

    TrainedModel more =
        Training.of(plan().epochs(1).optimizer("sgd: {learningRate: 1e-9}").build())
            .directory(folder.resolve("more").toString())
            .from(folder.resolve("run").toString())
            .listener(noting(notes))
            .run();

    // With next to no learning rate it is as good as what it began with.
    assertThat(more.test().orElseThrow().metric("accuracy"))
        .isEqualTo(Evaluation.of(folder.resolve("run").toString()).run().metric("accuracy"));
    assertThat(notes).anyMatch(note -> note.contains("begins from the state of " + folder));
    assertThat(more.events().get(0).toString() + more.events().get(1))
        .contains("\"from\":{\"run\":\"" + folder.resolve("run"));
    assertThat(more.end().epoch()).isEqualTo(1);
  }

  @Test
  void aRunWithoutACheckpointOrOfAnotherNetworkIsNoBeginning() throws IOException {
    Training.of(plan().build()).run();
    Training other =
        Training.of(plan().layers("dense: 3", "dense: {units: 2, activation: softmax}").build())
            .directory(folder.resolve("more").toString())
            .from(folder.resolve("run").toString());

    assertThatThrownBy(other::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("parameters");
    assertThat(folder.resolve("more")).doesNotExist();
    assertThatThrownBy(() -> Training.resume("runs/a").from("runs/b"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void earlyStoppingSaysWhichEpochItKept() throws IOException {
    TrainedModel model =
        Training.of(
                plan()
                    .epochs(30)
                    .set("training.earlyStopping", "{patience: 1, metric: accuracy, minDelta: 0.2}")
                    .build())
            .run();

    assertThat(model.outcome()).isEqualTo(Outcome.EARLY);
    assertThat(model.keptEpoch().orElseThrow()).isLessThan(model.end().epoch() - 1);
    assertThat(model.scores("validation").orElseThrow().at("/metrics/accuracy").isNumber())
        .isTrue();
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
