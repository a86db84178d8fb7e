package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.app.Verification;
import io.lockstep.it.SmallRun.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors that die, hang and lose what they kept change no bit, and the ledger is exact. */
class FaultsIT {
  @TempDir static Path folder;
  private static SmallRun runs;

  @BeforeAll
  static void trainUndisturbedInOneJvm() throws Exception {
    runs = new SmallRun(folder);
    runs.training("oracle").run();
  }

  /**
   * A copy of the task that hangs reads its shard elsewhere. That Spark gives a silent executor up
   * after a time is no help here: an hour is as good as never.
   */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void anExecutorThatHangs() throws Exception {
    Whereabouts whereabouts = new Whereabouts();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark =
            Sessions.open(
                cluster.url(),
                "spark.locality.wait",
                "1h", // until shards lie where they are placed, there alone
                "spark.speculation",
                "true",
                "spark.speculation.quantile",
                "0.5",
                "spark.network.timeout",
                "1h",
                "spark.executor.heartbeatInterval",
                "1s")) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      spark.sc().addSparkListener(whereabouts);
      whereabouts.duringRound(3, () -> stop(cluster.executor("1").orElseThrow()));

      Map<Integer, Event> settled =
          Map.of(2, () -> spark.sc().conf().set("spark.locality.wait", "1s"));
      runs.training("hung").spark(spark).listener(SmallRun.between(settled)).run();
      cluster.executor("1").orElseThrow().destroyForcibly(); // Spark's end would wait for it
    }
    assertExact("hung");
  }

  private static void stop(ProcessHandle process) {
    try {
      String pid = Long.toString(process.pid());
      assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("stopping " + process, e);
    }
  }

  private static void assertExact(String run) throws Exception {
    assertThat(runs.model(run)).isEqualTo(runs.model("oracle"));
    assertThat(Verification.ledger(runs.directory(run)).problems()).isEmpty();
  }
}
