package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.app.Training;
import io.lockstep.app.Verification;
import io.lockstep.it.SmallRun.Event;
import io.lockstep.spark.Fault;
import io.lockstep.spark.FaultOrder;
import io.lockstep.spark.FaultPlugin;
import io.lockstep.train.LostWorkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors that die, hang and lose what they kept change no bit, and the ledger is exact. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultsIT {
  @TempDir static Path folder;
  private static SmallRun runs;

  @BeforeAll
  static void trainUndisturbedInOneJvm() throws Exception {
    runs = new SmallRun(folder, 0);
    runs.training("oracle").run();
  }

  /**
   * A copy of the task that hangs reads its shard elsewhere. That Spark gives a silent executor up
   * after a time is no help here: an hour is as good as never.
   */
  @Nightly
  @Test
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
      CountDownLatch stopped = new CountDownLatch(1);
      // Once the other has what the round's tasks are made of, and before there is another round:
      // Spark passes that on from executor to executor, and waits spark.network.timeout for one
      // that is silent.
      whereabouts.onceDoneInRound(
          3,
          "0",
          () -> {
            Signal.STOP.to(cluster.executor("1").orElseThrow());
            stopped.countDown();
          });

      Map<Integer, Event> between =
          Map.of(2, () -> spark.sc().conf().set("spark.locality.wait", "1s"), 4, stopped::await);
      runs.training("hung").spark(spark).listener(SmallRun.between(between)).run();
      assertThat(stopped.getCount()).isZero();
      cluster.executor("1").orElseThrow().destroyForcibly(); // Spark's end would wait for it
    }
    assertExact("hung");
  }

  /**
   * Those that are killed have taken the cached blocks and the shuffle files of theirs with them.
   */
  @Test
  void executorsKilledInMidRoundAgainAndAgain() throws Exception {
    Whereabouts whereabouts = new Whereabouts();
    List<String> killed = new ArrayList<>();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark = Sessions.open(cluster.url())) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      spark.sc().addSparkListener(whereabouts);
      for (int round : List.of(1, 4, 7)) {
        whereabouts.duringRound(
            round,
            task -> {
              cluster.executor(task.executorId()).orElseThrow().destroyForcibly();
              killed.add(task.executorId());
            });
      }
      Event loss =
          () -> {
            assertThat(SparkCluster.filesOfShuffles()).isNotEmpty();
            for (Path file : SparkCluster.filesOfShuffles()) {
              Files.deleteIfExists(file);
            }
            spark.getPersistentRDDs().values().forEach(blocks -> blocks.unpersist(true));
          };

      runs.training("bereft").spark(spark).listener(SmallRun.between(Map.of(7, loss))).run();
    }
    assertThat(killed).hasSize(3).doesNotHaveDuplicates();
    assertExact("bereft");
  }

  /** Between two rounds the second executor is idle for too long, and its cached data goes too. */
  @Nightly
  @Test
  void dynamicAllocationThatTakesAnExecutorAway() throws Exception {
    Whereabouts whereabouts = new Whereabouts();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark =
            Sessions.open(
                cluster.url(),
                "spark.dynamicAllocation.enabled",
                "true",
                "spark.dynamicAllocation.initialExecutors",
                "2",
                "spark.dynamicAllocation.minExecutors",
                "1",
                "spark.dynamicAllocation.executorIdleTimeout",
                "3s",
                "spark.dynamicAllocation.cachedExecutorIdleTimeout",
                "3s",
                "spark.dynamicAllocation.shuffleTracking.timeout",
                "3s")) {
      spark.sc().addSparkListener(whereabouts);
      Event down = () -> Whereabouts.awaitExecutors(spark, left -> left.size() == 1);
      runs.training("shrunk").spark(spark).listener(SmallRun.between(Map.of(4, down))).run();
      whereabouts.awaitRounds(SmallRun.ROUNDS, SmallRun.REPLICAS);
    }
    assertThat(Set.copyOf(whereabouts.rounds().get(3).executors())).as("before").hasSize(2);
    assertThat(Set.copyOf(whereabouts.rounds().get(4).executors())).as("after").hasSize(1);
    assertExact("shrunk");
  }

  /** One error after Spark's attempts; the run says how it ended, and goes on where it stood. */
  @Test
  void anExecutorThatAlwaysDiesOnOneReplica() throws Exception {
    fail(Fault.DEATH, "doomed");

    assertThat(end("doomed"))
        .startsWith("an executor was killed (")
        .contains("replica 1 on executor ", "tried 2 times", "training round 6 of epoch 1");
    Training.resume(runs.directory("doomed")).run();
    assertExact("doomed");
  }

  @Test
  void anExecutorWithoutMemory() throws Exception {
    fail(Fault.MEMORY, "narrow");

    assertThat(end("narrow")).contains("heap of an executor is exhausted", "--executor-memory");
    Training.resume(runs.directory("narrow")).run();
    assertExact("narrow");
  }

  /** Each attempt of the second replica fails, from the sixth round on. */
  private static void fail(Fault fault, String run) {
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 1);
        JavaSparkContext spark = Sessions.open(cluster.url(), "spark.task.maxFailures", "2")) {
      Map<Integer, Event> order =
          Map.of(5, () -> FaultPlugin.faults().order(FaultOrder.next(fault, 1, 2)));
      Training training = runs.training(run).spark(spark).listener(SmallRun.between(order));
      assertThatThrownBy(training::run).isInstanceOf(LostWorkException.class);
    }
  }

  /** How a run ended, as it says itself. */
  private static String end(String run) throws IOException {
    List<JsonNode> events = runs.events(run);
    JsonNode end = events.get(events.size() - 1);
    assertThat(end.path("outcome").asText()).isEqualTo("failed");
    return end.path("message").asText();
  }

  private static void assertExact(String run) throws Exception {
    assertThat(runs.model(run)).isEqualTo(runs.model("oracle"));
    assertThat(Verification.ledger(runs.directory(run)).problems()).isEmpty();
  }
}
