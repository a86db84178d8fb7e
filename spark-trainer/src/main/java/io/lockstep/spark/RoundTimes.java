package io.lockstep.spark;

import io.lockstep.train.RoundPace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * How long rounds take, and how long in each of them the slowest replica was at work: as the
 * replicas say, or, of rounds that are Spark jobs, as Spark tells of its tasks. It tells a little
 * later, so the last rounds may be missing. Thread-safe.
 */
final class RoundTimes extends SparkListener implements AutoCloseable {
  /** A local property of Spark's: the job is a round of the run that it numbers. */
  private static final String ROUND_OF = "lockstep.round.of";

  private final SparkContext spark;
  private final String run = Integer.toHexString(System.identityHashCode(this));
  private final Map<Integer, Long> slowestMillis = new HashMap<>(); // by stage at work
  private long rounds;
  private double seconds;
  private long stages;
  private double working;

  /** Times of one engine, which closes them. */
  RoundTimes(SparkContext spark) {
    this.spark = spark;
    spark.addSparkListener(this);
  }

  /** Adds a round that took {@code seconds}, in which replicas did this. */
  synchronized void add(double seconds, DoneRound[] done) {
    long slowest = Arrays.stream(done).mapToLong(DoneRound::workedNanos).max().orElse(0);
    add(seconds);
    addWorking(slowest / 1e9);
  }

  /** Runs a round that is a Spark job. */
  <T> T ofJob(Supplier<T> round) {
    spark.setLocalProperty(ROUND_OF, run);
    long start = System.nanoTime();
    try {
      T result = round.get();
      add((System.nanoTime() - start) / 1e9);
      return result;
    } finally {
      spark.setLocalProperty(ROUND_OF, null);
    }
  }

  private synchronized void add(double taken) {
    if (rounds++ > 0) {
      seconds += taken;
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    boolean replicas =
        ScalaCollections.list(event.stageInfo().rddInfos()).stream()
            .anyMatch(it -> ShardRdd.NAME.equals(it.name()));
    if (replicas && run.equals(event.properties().getProperty(ROUND_OF))) {
      slowestMillis.put(event.stageInfo().stageId(), 0L);
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (event.taskMetrics() != null && event.taskInfo().successful()) {
      slowestMillis.computeIfPresent(
          event.stageId(),
          (stage, slowest) -> Math.max(slowest, event.taskMetrics().executorRunTime()));
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
    Long slowest = slowestMillis.remove(event.stageInfo().stageId());
    if (slowest != null && event.stageInfo().failureReason().isEmpty()) {
      addWorking(slowest / 1e3);
    }
  }

  private void addWorking(double ofSlowest) {
    if (stages++ > 0) {
      working += ofSlowest;
    }
  }

  /** The mean of all but the first; empty before there are two. */
  synchronized Optional<RoundPace> pace() {
    if (rounds < 2 || stages < 2) {
      return Optional.empty();
    }
    return Optional.of(new RoundPace(rounds - 1, seconds / (rounds - 1), working / (stages - 1)));
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
