package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.app.Training;
import io.lockstep.app.Verification;
import io.lockstep.it.SmallRun.Event;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas stay in their tasks for many rounds, as long as nothing speaks against it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StaysIT {
  @TempDir static Path folder;
  private static SmallRun runs;

  @BeforeAll
  static void trainInOneJvm() throws Exception {
    runs = new SmallRun(folder, 0);
    runs.training("oracle").run();
  }

  /**
   * All rounds are one Spark job, until an executor dies while its replicas wait, another at any
   * moment of a round, and a third comes.
   */
  @Test
  void executorsThatComeAndGoDuringAStay() throws Exception {
    Whereabouts whereabouts = new Whereabouts();
    Map<Integer, Event> story = new TreeMap<>();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 2);
        JavaSparkContext spark = Sessions.open(cluster.url(), "spark.lockstep.stay", "1h")) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      spark.sc().addSparkListener(whereabouts);
      runs.training("undisturbed").spark(spark).run();
      assertThat(whereabouts.rounds()).as("jobs").hasSize(1);

      story.put(2, () -> cluster.executor("1").orElseThrow().destroyForcibly());
      story.put(4, () -> Whereabouts.awaitExecutors(spark, "0", "2"));
      story.put(
          5,
          () ->
              new Thread(() -> cluster.executor("2").orElseThrow().destroyForcibly(), "death")
                  .start());
      story.put(8, () -> cluster.addWorker(2));
      runs.training("disturbed").spark(spark).listener(SmallRun.between(story)).run();
    }
    assertThat(runs.model("undisturbed")).isEqualTo(runs.model("oracle"));
    assertThat(runs.model("disturbed")).isEqualTo(runs.model("oracle"));
    assertThat(Verification.ledger(runs.directory("disturbed")).problems()).isEmpty();
  }

  /** A state so large that it travels in pieces; an executor dies with those of its replicas. */
  @Test
  void aLargeStateInPieces() throws Exception {
    large("large-oracle").run();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1, 2);
        JavaSparkContext spark = Sessions.open(cluster.url())) {
      Whereabouts.awaitExecutors(spark, "0", "1");
      Map<Integer, Event> death =
          Map.of(1, () -> cluster.executor("1").orElseThrow().destroyForcibly());
      large("large").spark(spark).listener(SmallRun.between(death)).run();
    }
    assertThat(runs.model("large")).isEqualTo(runs.model("large-oracle"));
  }

  private static Training large(String run) {
    return Training.of(
            PlanBuilder.named("large")
                .train("embedded: mnist-10k")
                .normalize(Normalization.SCALE)
                .layers("dense: {units: 4000, activation: relu}", "dense")
                .optimizer("adam: {learningRate: 0.001}")
                .set("training", "{replicas: 3, batch: 256, localSteps: 4, epochs: 1}")
                .set("run", "{engine: inProcess}")
                .build())
        .directory(runs.directory(run));
  }
}
