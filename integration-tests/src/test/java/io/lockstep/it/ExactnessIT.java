package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.Experiment.Model;
import io.lockstep.it.Lockstep.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One plan, executed in every way and disturbed in every way, ends with the same bits: those of an
 * undisturbed loop in one JVM.
 */
@ExtendWith(Clusters.class)
class ExactnessIT {
  private static final Pattern EPOCH_TWO = Pattern.compile("(?i).*epoch 2\\b.*");

  @TempDir static Path folder;
  private static Experiment local;
  private static Experiment distributed;
  private static Model expected;

  @BeforeAll
  static void trainUndisturbedInOneJvm(MiniDfs dfs) throws Exception {
    local = Experiment.in(folder);
    distributed = Experiment.in(dfs, "/experiment");
    succeed(Lockstep.script(local.train("oracle", "--set", "run.engine=inProcess")));
    expected = local.model("oracle");
    assertThat(expected.steps()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[4]"})
  void anyNumberOfCores(String master) throws Exception {
    String run = "run-" + master.replaceAll("\\W", "");

    succeed(Lockstep.script(local.train(run, "--master", master)).briefly());

    assertThat(local.model(run)).isEqualTo(expected);
  }

  @Test
  void submittedToAClusterWithDataAndRunInHdfs(SparkCluster cluster) throws Exception {
    Lockstep training = Lockstep.submit(cluster.url(), distributed.train("submitted")).briefly();
    Outcome outcome = succeed(training);

    assertThat(outcome.out()).contains(distributed.path("submitted"));
    assertThat(distributed.model("submitted")).isEqualTo(expected);
    assertThat(cluster.executors()).as("executors left behind").isEmpty();
  }

  /** Also: dynamic allocation brings the second executor, and another one for it. */
  @Test
  void anExecutorKilledInMidRun(SparkCluster cluster) throws Exception {
    Lockstep training =
        Lockstep.submit(cluster.url(), distributed.train("bereft"))
            .conf("spark.dynamicAllocation.enabled", "true")
            .briefly();
    try (Running running = training.start()) {
      running.awaitOutput(ExactnessIT::isSecondEpoch);
      List<ProcessHandle> executors = cluster.executors().toList();
      assertThat(executors).hasSize(2);
      executors.get(0).destroyForcibly();

      assertSuccess(running.outcome());
    }
    assertThat(distributed.model("bereft")).isEqualTo(expected);
  }

  @Test
  void aDriverKilledInMidRunAndResumedOnOtherCores(SparkCluster cluster) throws Exception {
    Lockstep training = Lockstep.submit(cluster.url(), distributed.train("orphaned")).briefly();
    try (Running running = training.start()) {
      running.awaitOutput(ExactnessIT::isSecondEpoch);
      running.kill();
      assertThat(running.outcome().exitCode()).isEqualTo(128 + 9);
    }
    assertThat(distributed.exists("orphaned/model.zip")).isFalse();

    succeed(Lockstep.script(distributed.resume("orphaned", "--master", "local[1]")).briefly());

    assertThat(distributed.model("orphaned")).isEqualTo(expected);
    succeed(Lockstep.script("verify", "--ledger", distributed.path("orphaned")).briefly());
  }

  @Test
  void stoppedByCtrlCAndResumed() throws Exception {
    try (Running running = Lockstep.script(local.train("stopped")).briefly().start()) {
      running.awaitOutput(ExactnessIT::isSecondEpoch);
      running.interrupt();

      Outcome outcome = running.outcome();
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(130);
      assertThat(outcome.out()).contains("--resume " + local.path("stopped"));
    }

    succeed(Lockstep.script(local.resume("stopped")).briefly());

    assertThat(local.model("stopped")).isEqualTo(expected);
    succeed(Lockstep.script("verify", "--ledger", local.path("stopped")).briefly());
  }

  /** Whether a line of progress says that the second of four epochs is under way or done. */
  private static boolean isSecondEpoch(String line) {
    return EPOCH_TWO.matcher(line).matches();
  }

  private static Outcome succeed(Lockstep call) throws Exception {
    return assertSuccess(call.run());
  }

  private static Outcome assertSuccess(Outcome outcome) {
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }
}
