package io.lockstep.app;

import io.lockstep.data.InputException;
import java.util.regex.Pattern;

/** The name of a Spark master, checked before anything is written. */
final class Master {
  private static final Pattern KNOWN =
      Pattern.compile(
          "local(\\[(\\*|\\d+)(\\s*,\\s*\\d+)?\\])?|local-cluster\\[.*\\]|spark://.+|yarn|k8s://.+");

  /** Spark's own limit, UnifiedMemoryManager: one and a half of what it reserves. */
  private static final long LEAST_HEAP = 450L << 20;

  private Master() {}

  /**
   * Refuses a heap in which Spark does not start, before Spark logs a stack trace of it.
   *
   * @param bytes of the heap at most
   * @throws InputException with the figures and the remedy
   */
  static void checkHeap(long bytes) {
    if (bytes < LEAST_HEAP) {
      throw new InputException(KnownFailures.smallHeap(bytes, LEAST_HEAP));
    }
  }

  /**
   * Refuses what Spark would not know.
   *
   * @throws InputException with the masters there are
   */
  static void check(String master) {
    if (!KNOWN.matcher(master).matches()) {
      throw new InputException(unknown(master));
    }
  }

  static String unknown(String master) {
    return """
    Spark knows no master '%s': it must be local, local[4] or local[*] (cores of this machine), \
    spark://HOST:7077, yarn or k8s://https://HOST:PORT.\
    """
        .formatted(master);
  }
}
