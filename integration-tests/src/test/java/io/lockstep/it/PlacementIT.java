package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.SmallRun.Event;
import io.lockstep.it.Whereabouts.Round;
import io.lockstep.spark.ScalaCollections;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas are spread over the executors there are, anew for each round, and move only then. */
class PlacementIT {
  @TempDir Path folder;

  /**
   * One executor of one core; a second one comes; it dies and is replaced; its worker goes; a
   * worker of two cores comes.
   */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void executorsThatComeAndGoBetweenRounds() throws Exception {
    SmallRun runs = new SmallRun(folder, 0);
    runs.training("oracle").run();
    Whereabouts whereabouts = new Whereabouts();
    Map<Integer, Event> story = new TreeMap<>();
    try (SparkCluster cluster = SparkCluster.ofWorkers(1);
        // No task leaves the place that it was given, however slow this machine is.
        JavaSparkContext spark =
            Sessions.open(
                cluster.url(), "spark.locality.wait", "1h", "spark.lockstep.stay", "0s")) {
      spark.sc().addSparkListener(whereabouts);
      AutoCloseable[] second = new AutoCloseable[1];
      story.put(
          2,
          () -> {
            second[0] = cluster.addWorker(1);
            Whereabouts.awaitExecutors(spark, "0", "1");
          });
      story.put(
          4,
          () -> {
            cluster.executor("1").orElseThrow().destroyForcibly();
            Whereabouts.awaitExecutors(spark, "0", "2");
          });
      story.put(
          6,
          () -> {
            second[0].close();
            Whereabouts.awaitExecutors(spark, "0");
          });
      story.put(
          8,
          () -> {
            cluster.addWorker(2);
            Whereabouts.awaitExecutors(spark, "0", "3");
          });
      story.put(10, () -> assertThat(blocksAt(spark, "3")).as("blocks that moved").isEqualTo(2));

      runs.training("moved").spark(spark).listener(SmallRun.between(story)).run();
      whereabouts.awaitRounds(SmallRun.ROUNDS, SmallRun.REPLICAS);
    }
    List<List<String>> executors = whereabouts.rounds().stream().map(Round::executors).toList();
    assertThat(executors.subList(0, 2))
        .as("more replicas than cores")
        .containsOnly(List.of("0", "0", "0"));
    assertThat(executors.subList(2, 4))
        .as("a second executor")
        .containsOnly(List.of("0", "0", "1"));
    assertThat(executors.subList(4, 6)).as("its replacement").containsOnly(List.of("0", "0", "2"));
    assertThat(executors.subList(6, 8))
        .as("nothing in its place")
        .containsOnly(List.of("0", "0", "0"));
    assertThat(executors.subList(8, 11))
        .as("one of two cores")
        .containsOnly(List.of("0", "3", "3"));
    assertThat(whereabouts.rounds())
        .allSatisfy(round -> assertThat(round.localities()).containsOnly("PROCESS_LOCAL"));
    assertThat(runs.model("moved")).isEqualTo(runs.model("oracle"));
  }

  /** Number of blocks that an executor holds; a replica's shard is one block here. */
  private static long blocksAt(JavaSparkContext spark, String executor) {
    JavaRDD<?> blocks = spark.getPersistentRDDs().values().iterator().next();
    return IntStream.range(0, blocks.getNumPartitions())
        .mapToObj(
            block ->
                spark
                    .sc()
                    .env()
                    .blockManager()
                    .master()
                    .getLocations(new RDDBlockId(blocks.id(), block)))
        .filter(
            at ->
                ScalaCollections.list(at).stream().anyMatch(it -> it.executorId().equals(executor)))
        .count();
  }
}
