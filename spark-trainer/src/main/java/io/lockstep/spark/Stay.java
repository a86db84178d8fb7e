package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function0;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContext$;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * A Spark job whose tasks, one for each replica, stay for several rounds ({@link ResidentTask}).
 * Thread-safe.
 */
final class Stay {
  /** For how long tasks that have nothing to do may take to end. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private static final ExecutionContext AT_ONCE =
      ExecutionContext$.MODULE$.fromExecutor((Executor) Runnable::run);

  private final Rendezvous rendezvous;
  private final Properties properties;
  private final boolean one;
  private final long begun = System.nanoTime();
  private final FutureAction<Object> job;
  private volatile boolean stale;

  /**
   * Begins a stay on the replicas' shards.
   *
   * @param one whether it is for one round
   */
  Stay(
      SparkContext spark,
      RDD<Shard> shards,
      ResidentTask task,
      Rendezvous rendezvous,
      boolean one) {
    this.rendezvous = rendezvous;
    this.properties = properties(spark);
    this.one = one;
    Function0<Object> nothing = () -> BoxedUnit.UNIT;
    this.job =
        spark.submitJob(
            shards,
            task,
            Partitions.numbers(0, shards.getNumPartitions()),
            (k, reply) -> BoxedUnit.UNIT,
            nothing);
    job.onComplete(
        (Try<Object> result) -> {
          rendezvous.end(result.isFailure() ? result.failed().get() : null);
          return BoxedUnit.UNIT;
        },
        AT_ONCE);
  }

  private static Properties properties(SparkContext spark) {
    Properties properties = (Properties) spark.getLocalProperties().clone();
    properties.remove(Stays.STAY_OF);
    return properties;
  }

  Rendezvous rendezvous() {
    return rendezvous;
  }

  /** Its replicas are not where they should be any more, or not all there. */
  void outdate() {
    stale = true;
  }

  /**
   * Whether the next round is one of this stay: not if executors came or went, if it has lasted
   * long enough, or if jobs of this thread are to run in another way than when it began.
   */
  boolean hosts(SparkContext spark, Duration most) {
    return !one
        && !stale
        && !rendezvous.isDismissed()
        && System.nanoTime() - begun < most.toNanos()
        && properties.equals(properties(spark));
  }

  /** Whether it is for one round. */
  boolean isForOneRound() {
    return one;
  }

  /** Ends it once the open round is done, and waits for that. */
  void end() throws InterruptedException {
    rendezvous.dismiss();
    rendezvous.awaitEnd(LEAVING);
    // All is done that had to be. A task that does not end has lost its executor, or hangs.
    job.cancel();
  }

  /** Ends it at once; what its tasks still do is in vain. */
  void abandon() {
    job.cancel();
    rendezvous.dismiss();
  }
}
