package io.lockstep.it;

import static io.lockstep.app.ChaosFault.CACHE;
import static io.lockstep.app.ChaosFault.DRIVER;
import static io.lockstep.app.ChaosFault.FAIL;
import static io.lockstep.app.ChaosFault.FILES;
import static io.lockstep.app.ChaosFault.KILL;
import static io.lockstep.app.ChaosFault.MEMORY;
import static io.lockstep.app.ChaosFault.SLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.app.Chaos;
import io.lockstep.app.ChaosFault;
import io.lockstep.app.ChaosReport;
import io.lockstep.app.ChaosReport.Injury;
import io.lockstep.it.Lockstep.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plan is tried out with faults on a cluster of real processes, and as a user would. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChaosIT {
  /** No round waits as long, on however slow a machine; less than JUnit does, so it is said why. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void executorsThatDieAndLoseWhatTheyKeptChangeNothing() throws Exception {
    ChaosReport report = disturbed(KILL, FILES);

    assertThat(report.injuries()).extracting(Injury::fault).containsExactly(KILL, FILES);
    assertThat(seen(report, 0)).contains(" lost", "repeated");
    assertThat(seen(report, 1)).contains("files of shuffles dropped");
  }

  @Nightly
  @Test
  void everythingThatCanHappenOnAClusterChangesNothing() throws Exception {
    ChaosReport report = disturbed(SLOW, MEMORY, CACHE, FAIL, KILL, FILES, KILL);

    assertThat(seen(report, 1)).contains(" lost");
  }

  /** What {@code lockstep chaos} does on a laptop if it is not told otherwise. */
  @Nightly
  @Test
  void aDriverThatDiesInMidRoundIsResumedAndChangesNothing() throws Exception {
    Outcome outcome =
        Lockstep.script(
                "chaos",
                "conf/mnist-mlp.yaml",
                "--master",
                "local[2]",
                "--set",
                "run.checkpointRounds=20",
                "--set",
                "training.epochs=1",
                "--faults",
                String.join(",", DRIVER.word(), FAIL.word(), DRIVER.word()),
                "--output",
                folder.resolve("trial").toString())
            .briefly()
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("killed, then resumed", "the faults changed nothing");
  }

  private ChaosReport disturbed(ChaosFault... faults) throws Exception {
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark = Sessions.open(cluster.url())) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      ChaosReport report =
          Chaos.of(new SmallRun(folder, 0).plan())
              .spark(spark)
              .faults(List.of(faults))
              .output(folder.resolve("trial").toString())
              .patience(PATIENCE)
              .run();
      assertThat(report.failure()).isEmpty();
      assertThat(report.isExact()).as("%s", report).isTrue();
      assertThat(report.injuries())
          .allSatisfy(each -> assertThat(each.seen()).as("%s", each).isPresent());
      return report;
    }
  }

  private static String seen(ChaosReport report, int injury) {
    Optional<String> seen = report.injuries().get(injury).seen();
    return seen.orElseThrow();
  }
}
