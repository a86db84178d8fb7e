package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.app.Verification;
import io.lockstep.data.InputException;
import io.lockstep.it.Lockstep.Outcome;
import io.lockstep.it.SmallRun.Event;
import io.lockstep.run.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wherever a driver is killed, the run goes on, on executors that it never had, and ends with the
 * bits of an undisturbed loop in one JVM; each example is trained once.
 */
@ExtendWith(Clusters.class)
class DriverDeathsIT {
  @TempDir static Path folder;
  private static SmallRun runs;
  private static JavaSparkContext spark;

  @BeforeAll
  static void trainUndisturbedInOneJvm(SparkCluster cluster) throws Exception {
    runs = new SmallRun(folder, 0.05);
    runs.training("oracle").run();
    spark = Sessions.open(cluster.url());
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write checkpoints/.*state", // a checkpoint half written
        "rename checkpoints/.*json", // written, and not yet visible
        "write model.zip",
        "evaluation",
      })
  void killed(String at) throws Exception {
    assertGoesOnAfter(at);
  }

  @Nightly
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create owner",
        "write owner",
        "create plan.yaml",
        "rename plan.yaml",
        "rename provenance.json",
        "rename run.json",
        "create checkpoints/.*state",
        "rename checkpoints/.*state",
        "create checkpoints/.*json",
        "write checkpoints/.*json",
        "delete checkpoints/.*state", // the oldest, which is no longer kept
        "delete checkpoints/.*json",
        "create events/00001-00002",
        "write events/00001-00003",
        "create ledger/00001-00002",
        "write ledger/00001-00003",
        "create model.zip",
        "rename model.zip",
        "write events.jsonl",
        "rename events.jsonl",
        "delete owner-00001.json",
      })
  void killedAtAnyOtherStep(String at) throws Exception {
    assertGoesOnAfter(at);
  }

  private static void assertGoesOnAfter(String death) throws Exception {
    String run = death.replaceAll("\\W+", "-");
    Outcome outcome =
        Lockstep.java(Program.class, folder.toString(), run, death)
            .with("JAVA_TOOL_OPTIONS", Lockstep.BRIEF)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(DyingDriver.EXIT_CODE);

    if (Files.exists(folder.resolve(run).resolve("run.json"))) {
      Training.resume(runs.directory(run)).spark(spark).run();
    } else {
      runs.training(run).spark(spark).run(); // it died before there was a run
    }

    assertThat(runs.model(run)).isEqualTo(runs.model("oracle"));
    assertThat(Verification.ledger(runs.directory(run)).problems()).isEmpty();
  }

  /** The first is at work, in this process; the second is refused and changes nothing. */
  @Test
  void twoDriversOnOneRunDirectory() throws Exception {
    Event second =
        () -> {
          assertThatThrownBy(() -> Training.resume(runs.directory("shared")).run())
              .isInstanceOf(InputException.class)
              .hasMessageContaining("is in use by process");
          Outcome other = Lockstep.script("train", "--resume", runs.directory("shared")).run();
          assertThat(other.exitCode()).as("%s", other).isEqualTo(2);
          assertThat(other.err()).contains("process " + ProcessHandle.current().pid());
        };

    runs.training("shared").listener(SmallRun.between(Map.of(4, second))).run();

    assertThat(runs.model("shared")).isEqualTo(runs.model("oracle"));
    assertThat(Verification.ledger(runs.directory("shared")).problems()).isEmpty();
  }

  /** A driver of its own, that dies: {@code FOLDER RUN DEATH}. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      SmallRun runs = new SmallRun(Path.of(args[0]), 0.05);
      if (args[2].equals("evaluation")) {
        dieEvaluating(runs.training(args[1]));
      }
      System.setProperty(HaltingFileSystem.PROPERTY, args[2]);
      Configuration hadoop = new Configuration();
      hadoop.set("fs.file.impl", HaltingFileSystem.class.getName());
      hadoop.setBoolean("fs.file.impl.disable.cache", true);
      runs.training(args[1]).hadoop(hadoop).run();
    }

    private static void dieEvaluating(Training training) throws Exception {
      try (JavaSparkContext local = Sessions.open("local[2]")) {
        training
            .spark(local)
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(Position next, double loss) {
                    if (next.epoch() == 1) {
                      local.sc().addSparkListener(new AtNextTask());
                    }
                  }
                })
            .run();
      }
    }
  }

  private static final class AtNextTask extends SparkListener {
    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
      Runtime.getRuntime().halt(DyingDriver.EXIT_CODE);
    }
  }
}
