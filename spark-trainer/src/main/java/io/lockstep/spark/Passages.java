package io.lockstep.spark;

import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundStart;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The passages of one run: by reference where all is one JVM; from block manager to block manager
 * between JVMs, in pieces where the state is large; as a broadcast, which executors pass on among
 * themselves, where it is large and replicas are many. Thread-safe.
 */
final class Passages implements AutoCloseable {
  /** Replicas that the driver sends a large state to, and fetches contributions of, at most. */
  static final int MOST_BY_PIECES = 8;

  private final JavaSparkContext spark;
  private final long largeBytes;
  private final long run = ThreadLocalRandom.current().nextLong();
  private final AtomicInteger opened = new AtomicInteger();

  /**
   * Passages of a run; the context stays the caller's.
   *
   * @param largeBytes bytes of a state from which on it is large
   */
  Passages(JavaSparkContext spark, long largeBytes) {
    this.spark = spark;
    this.largeBytes = largeBytes;
  }

  /**
   * Whether what tasks bring for such a start is merged by tasks, not by the driver: it is large,
   * and all of it would pass through the driver's network, or is held in one JVM.
   */
  boolean isMergedByTasks(RoundStart start, int tasks) {
    return isLarge(start) && (spark.sc().isLocal() || tasks > MOST_BY_PIECES);
  }

  private boolean isLarge(RoundStart start) {
    return StateCodec.bytes(start.state()) >= largeBytes;
  }

  /** A passage for one job of {@code tasks}. */
  Passage open(RoundStart start, int tasks) {
    if (spark.sc().isLocal()) {
      return ByReference.open(start, tasks);
    }
    if (!isLarge(start)) {
      return ByBlocks.open(start, run, opened.getAndIncrement());
    }
    return tasks > MOST_BY_PIECES
        ? ByBroadcast.open(spark, start)
        : ByPieces.open(start, tasks, run, opened.getAndIncrement());
  }

  @Override
  public void close() {
    if (!spark.sc().isLocal() && !spark.sc().isStopped()) {
      ByBlocks.sweep(run);
    }
  }
}
