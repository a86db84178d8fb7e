package io.lockstep.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExecutorCacheTaskLocation;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.immutable.Seq;

/**
 * Where the pieces of a source are: which executor is to work on which, so that each finds next
 * time what it kept of a piece, and none is idle while another has two.
 *
 * <p>Renewed between jobs, never within one: executors that came get their share then, the pieces
 * of those that are gone go to others, all else stays ({@link Assignment}). An executor whose slots
 * are all taken at two renewals in a row gets none: another's work is in it, or it hangs. Spark
 * takes this as a preference; a task whose executor is lost or busy goes to another after {@code
 * spark.locality.wait}. Thread-safe.
 */
final class Placement {
  private static final int CORES_UNKNOWN = 1;

  private final SparkContext spark;
  private final Map<String, Executor> known = new HashMap<>();
  private Set<String> busy = Set.of(); // at the last renewal
  private SortedMap<String, Integer> slots = new TreeMap<>();
  private String[] executors; // of each piece, null if it may be anywhere

  private record Executor(String location, int slots) {}

  /** A placement of {@code pieces}. */
  Placement(SparkContext spark, int pieces) {
    this.spark = spark;
    this.executors = new String[pieces];
    renew();
  }

  /** Looks which executors there are, between two jobs. */
  synchronized void renew() {
    if (spark.isLocal() || !(spark.taskScheduler() instanceof TaskSchedulerImpl scheduler)) {
      return; // there is but one place, or it is unknown what there is
    }
    Map<String, Object> tasks = new HashMap<>();
    for (var each : ScalaCollections.list(scheduler.runningTasksByExecutors())) {
      tasks.put(each._1(), each._2());
    }
    if (!known.keySet().containsAll(tasks.keySet())) {
      learn();
    }
    SortedMap<String, Integer> usable = new TreeMap<>();
    Set<String> full = new HashSet<>();
    tasks.forEach(
        (id, running) -> {
          Executor executor = known.get(id);
          if (executor == null) {
            return; // so new that it is not announced yet
          }
          boolean isFull = (int) running >= executor.slots();
          if (isFull) {
            full.add(id);
          }
          if (!isFull || !busy.contains(id)) {
            usable.put(id, executor.slots());
          }
        });
    busy = full;
    if (!usable.equals(slots)) {
      slots = usable;
      executors = Assignment.next(executors, usable);
    }
  }

  private void learn() {
    int coresOfTask = spark.conf().getInt(TaskCores.KEY, 1);
    for (ExecutorSummary each : ScalaCollections.list(spark.statusStore().executorList(true))) {
      int cores = Math.max(CORES_UNKNOWN, each.totalCores());
      String host = each.hostPort().replaceFirst(":\\d+$", "");
      known.put(
          each.id(),
          new Executor(
              new ExecutorCacheTaskLocation(host, each.id()).toString(),
              Math.max(1, cores / coresOfTask)));
    }
  }

  /** Number of tasks that run at once where pieces are placed; 0 if that is unknown. */
  synchronized int slots() {
    return spark.isLocal()
        ? TaskCores.tasksAtOnce(spark.conf())
        : slots.values().stream().mapToInt(each -> each).sum();
  }

  /** Where Spark is to run the task of a piece, in its own words. */
  synchronized Seq<String> of(int piece) {
    String executor = executors[piece];
    List<String> locations = executor == null ? List.of() : List.of(known.get(executor).location());
    return ScalaCollections.seq(locations);
  }
}
