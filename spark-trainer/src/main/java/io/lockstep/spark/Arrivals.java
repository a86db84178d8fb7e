package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import java.lang.ref.SoftReference;
import java.util.function.Supplier;

/**
 * The start that a JVM of a run read last, for all tasks of the job that it belongs to; it stays
 * until the next one, or as long as there is memory. Thread-safe.
 */
final class Arrivals {
  private Passage latest; // guarded by this
  private SoftReference<RoundStart> arrived; // guarded by this

  /** What {@code passage} begins with, read once by whoever comes first. */
  synchronized RoundStart of(Passage passage, Supplier<RoundStart> reading) {
    RoundStart start = passage.equals(latest) ? arrived.get() : null;
    if (start == null) {
      start = reading.get();
      latest = passage;
      arrived = new SoftReference<>(start);
    }
    return start;
  }
}
