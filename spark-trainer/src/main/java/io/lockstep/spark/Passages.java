package io.lockstep.spark;

import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundStart;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The passages of one run: by reference where all is one JVM; from block manager to block manager
 * between JVMs; as a broadcast, which executors pass on among themselves, where the state is large.
 * Thread-safe.
 */
final class Passages implements AutoCloseable {
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

  /** Whether what tasks bring for such a start is too large to be merged by the driver. */
  boolean isLarge(RoundStart start) {
    return StateCodec.bytes(start.state()) >= largeBytes;
  }

  /** A passage for one job of {@code tasks}. */
  Passage open(RoundStart start, int tasks) {
    if (spark.sc().isLocal()) {
      return ByReference.open(start, tasks);
    }
    return isLarge(start)
        ? ByBroadcast.open(spark, start)
        : ByBlocks.open(start, run, opened.getAndIncrement());
  }

  @Override
  public void close() {
    if (!spark.sc().isLocal() && !spark.sc().isStopped()) {
      ByBlocks.sweep(run);
    }
  }
}
