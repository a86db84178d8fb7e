package io.lockstep.it;

import io.lockstep.spark.ScalaCollections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/**
 * Where the replicas of each round were at work, as Spark's events tell. Of a run without a
 * validation part, whose only jobs over shards are rounds. Thread-safe.
 */
final class Whereabouts extends SparkListener {
  /** What the engine calls the data of a round. */
  private static final String SHARDS = "lockstep shards";

  private final Map<Integer, Map<Integer, TaskInfo>> rounds = new TreeMap<>(); // by stage
  private final Map<Integer, Consumer<TaskInfo>> inRound = new HashMap<>();
  private final Map<Integer, OnceDone> onceDone = new HashMap<>();

  private record OnceDone(String executor, Runnable act) {}

  /** Where each replica of a round was at work when it was done. */
  record Round(Map<Integer, TaskInfo> done) {
    /** Executors in the order of the replicas. */
    List<String> executors() {
      return done.values().stream().map(TaskInfo::executorId).toList();
    }

    /** How near to its shard each replica was, in the order of the replicas. */
    List<String> localities() {
      return done.values().stream().map(task -> task.taskLocality().toString()).toList();
    }
  }

  /** The rounds so far, the first first. */
  synchronized List<Round> rounds() {
    return rounds.values().stream().map(TreeMap::new).map(Round::new).toList();
  }

  /** Waits until Spark has told of all replicas of {@code count} rounds. */
  synchronized void awaitRounds(int count, int replicas) throws InterruptedException {
    while (rounds.size() < count
        || rounds.values().stream().anyMatch(done -> done.size() < replicas)) {
      wait();
    }
  }

  /** Does something when the first task of a round, counted from 0, has started. */
  synchronized void duringRound(int round, Consumer<TaskInfo> act) {
    inRound.put(round, act);
  }

  /** Does something when an executor has done its first task of a round, counted from 0. */
  synchronized void onceDoneInRound(int round, String executor, Runnable act) {
    onceDone.put(round, new OnceDone(executor, act));
  }

  /** Waits until Spark can give tasks to these executors and to no others. */
  static void awaitExecutors(JavaSparkContext spark, String... ids) {
    awaitExecutors(spark, Set.of(ids)::equals);
  }

  /** Waits until Spark can give tasks to executors that are as {@code wanted}. */
  static void awaitExecutors(JavaSparkContext spark, Predicate<Set<String>> wanted) {
    var scheduler = (TaskSchedulerImpl) spark.sc().taskScheduler();
    while (!wanted.test(
        Set.copyOf(ScalaCollections.list(scheduler.runningTasksByExecutors().keys())))) {
      Thread.onSpinWait(); // there is no event of it
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    boolean isRound =
        ScalaCollections.list(event.stageInfo().rddInfos()).stream()
            .anyMatch(rdd -> rdd.name().equals(SHARDS));
    if (isRound) {
      rounds.putIfAbsent(event.stageInfo().stageId(), new TreeMap<>());
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    if (rounds.containsKey(event.stageId())) {
      Consumer<TaskInfo> act = inRound.remove(rounds.size() - 1);
      if (act != null) {
        act.accept(event.taskInfo());
      }
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (rounds.containsKey(event.stageId()) && event.reason() == Success$.MODULE$) {
      rounds.get(event.stageId()).put(event.taskInfo().index(), event.taskInfo());
      notifyAll();
      OnceDone due = onceDone.get(rounds.size() - 1);
      if (due != null && due.executor().equals(event.taskInfo().executorId())) {
        onceDone.remove(rounds.size() - 1);
        due.act().run();
      }
    }
  }
}
