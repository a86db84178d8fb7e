package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.app.Verification;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process of a standalone cluster's worker is killed, and its executor goes with it. */
@Nightly
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkerDeathIT {
  @TempDir private Path folder;

  @Test
  void theRunGoesOnWithTheOtherWorker() throws Exception {
    Experiment experiment = Experiment.in(folder);
    var oracle = Lockstep.script(experiment.train("oracle", "--set", "run.engine=inProcess")).run();
    assertThat(oracle.exitCode()).as("%s", oracle).isZero();
    try (TrialCluster cluster = TrialCluster.start(folder.resolve("cluster"))) {
      Lockstep training = cluster.submit(List.of(), experiment.train("bereft"));
      try (Running running = training.start()) {
        running.awaitOutput(line -> line.startsWith("epoch 2"));
        cluster.worker(1).destroyForcibly();

        var outcome = running.outcome();
        assertThat(outcome.exitCode()).as("%s", outcome).isZero();
      }
      assertThat(cluster.call("status").out()).contains("1 running, of 2");
    }
    assertThat(experiment.model("bereft")).isEqualTo(experiment.model("oracle"));
    assertThat(Verification.ledger(experiment.path("bereft")).problems()).isEmpty();
  }
}
