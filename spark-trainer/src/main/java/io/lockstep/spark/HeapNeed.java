package io.lockstep.spark;

import io.lockstep.train.RunSize;

/**
 * How much Java heap a run takes where rounds are Spark jobs: the copies of its state that are
 * alive at once, counted from what {@link SparkRoundsEngine} does, and what Spark itself keeps.
 *
 * <p>An estimate. A network of 5.6 million parameters with Adam (67 MB of state, two replicas) in
 * {@code local[2]} was seen to work from 760 MB on and to fail at 620 MB; this says 812. Blocks of
 * examples do not count: Spark puts on disk what does not fit. But it fills its part of the heap
 * with them first, so what is ours must fit beside that.
 *
 * @param run whose need it is
 * @param fraction of the heap that Spark may fill with blocks ({@code spark.memory.fraction})
 */
record HeapNeed(RunSize run, double fraction) {
  private static final long MEGA = 1 << 20;

  /** Classes, code that was loaded, and Spark's own books, of a driver and of an executor. */
  private static final long DRIVER_BYTES = 200 * MEGA;

  private static final long EXECUTOR_BYTES = 150 * MEGA;

  /** What Spark sets aside before it takes its fraction. */
  private static final long RESERVED_BYTES = 300 * MEGA;

  /** Results that the driver takes in at once ({@code spark.resultGetter.threads}). */
  private static final int RESULTS_AT_ONCE = 4;

  /** What the collector loses to arrays that are larger than its regions, of a large state. */
  private static final double WASTE = 1.5;

  private boolean large() {
    return run.travellingBytes() >= SparkRoundsEngine.LARGE_BYTES;
  }

  private boolean byPieces() {
    return large() && run.replicas() <= Passages.MOST_BY_PIECES;
  }

  private int slices() {
    return Slices.of(run.replicas(), run.travellingBytes(), SparkRoundsEngine.MERGED_BYTES).count();
  }

  private long slice() {
    return run.travellingBytes() / slices();
  }

  /** Bytes for an executor in which {@code tasks} replicas are at work at once. */
  long executor(int tasks) {
    if (byPieces()) {
      // The state, what each replica brings, and its slices until the driver has fetched them.
      double own = WASTE * (1 + tasks) * run.travellingBytes() + tasks * run.windowBytes();
      return beside(run.dataBytes() + tasks * run.travellingBytes(), EXECUTOR_BYTES + (long) own);
    }
    long kept = run.dataBytes() + 2 * run.travellingBytes(); // the state, and the pieces it came in
    return beside(kept, EXECUTOR_BYTES + working(tasks));
  }

  /** What tasks hold that Spark does not know of. */
  private long working(int tasks) {
    long reply = large() ? 2 * slice() : run.travellingBytes();
    long training = tasks * (run.travellingBytes() + reply + 2 * run.batchBytes());
    // All replicas' slices as they came and read, their sum in double precision, the mean, its
    // bytes.
    long merging = large() ? (long) Math.min(tasks, slices()) * (run.replicas() + 5) * slice() : 0;
    return Math.max(training, merging) + tasks * run.windowBytes();
  }

  /**
   * The smallest heap with room for {@code own} beside what Spark keeps, all or as much as it may.
   */
  private long beside(long kept, long own) {
    double filled = (own - fraction * RESERVED_BYTES) / (1 - fraction);
    return Math.min(own + kept, (long) Math.max((double) own, filled));
  }

  /** Bytes for a driver. */
  long driver() {
    return DRIVER_BYTES + updating() + receiving();
  }

  /** States before and after a round and as it is saved, and what is kept beside them. */
  private long updating() {
    return 3 * run.stateBytes()
        + (run.keepsBest() ? run.stateBytes() : 0)
        + (run.keepsVelocity() ? 2L * Float.BYTES * run.parameters() : 0);
  }

  private long receiving() {
    if (byPieces()) {
      // The state laid out, and some slices of all replicas as they came and read.
      return run.travellingBytes() + 8L * run.replicas() * ByPieces.PIECE_BYTES;
    }
    return large()
        ? run.travellingBytes() + 2L * Math.min(RESULTS_AT_ONCE, slices()) * slice()
        : 2L * run.replicas() * run.travellingBytes() + 2 * run.travellingBytes();
  }

  /** Bytes for one JVM that is driver and executor, in which {@code tasks} are at work at once. */
  long single(int tasks) {
    int working = Math.min(tasks, run.replicas());
    long during = run.stateBytes() + run.travellingBytes() + working(working);
    long own = DRIVER_BYTES + Math.max(during, updating() + (large() ? run.travellingBytes() : 0));
    return beside(run.dataBytes(), own);
  }
}
