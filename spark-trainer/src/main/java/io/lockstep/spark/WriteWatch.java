package io.lockstep.spark;

import io.lockstep.data.InputException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Looks on while Spark writes: counts the records that each task that succeeded has written, and
 * ends the job at once where trying again is of no use.
 */
final class WriteWatch extends SparkListener implements AutoCloseable {
  private static final String GROUP = "spark.jobGroup.id";
  private static final long PATIENCE_SECONDS = 60;

  private final JavaSparkContext spark;
  private final String group;
  private final Map<Integer, Integer> jobs = new ConcurrentHashMap<>(); // of stages, by their ids
  private final Map<Integer, Long> written = new ConcurrentHashMap<>(); // by partition
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean useless;

  /**
   * A watch on the jobs of a group.
   *
   * @param group that this thread's jobs belong to from now on
   */
  WriteWatch(JavaSparkContext spark, String group) {
    this.spark = spark;
    this.group = group;
    spark.sc().addSparkListener(this);
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    if (start.properties() != null && group.equals(start.properties().getProperty(GROUP))) {
      start.stageIds().foreach(stage -> jobs.put((Integer) stage, start.jobId()));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (!jobs.containsKey(end.stageId())) {
      return;
    }
    TaskEndReason reason = end.reason();
    if (reason == Success$.MODULE$) {
      written.put(end.taskInfo().index(), end.taskMetrics().outputMetrics().recordsWritten());
    } else if (reason instanceof ExceptionFailure failure && isUseless(failure)) {
      useless = true;
      spark.sc().cancelJobGroup(group);
    }
  }

  private static boolean isUseless(ExceptionFailure failure) {
    String trace = failure.toErrorString();
    return trace.contains(UnusableSplitException.class.getName())
        || trace.contains(InputException.class.getName());
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    if (jobs.containsValue(end.jobId())) {
      ended.countDown();
    }
  }

  /** Whether the job was ended because trying again was of no use. */
  boolean isUseless() {
    return useless;
  }

  /** Records so far, by the numbers of their partitions. */
  Map<Integer, Long> records() {
    return Map.copyOf(written);
  }

  /** Tasks that are done. */
  int tasks() {
    return written.size();
  }

  /** Waits until Spark has told all of the job: it tells by and by. */
  void awaitEnd() throws InterruptedException {
    if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "Spark did not tell the end of the job that wrote the scores");
    }
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(this);
  }
}
