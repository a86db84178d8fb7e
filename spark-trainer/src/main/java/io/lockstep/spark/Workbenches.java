package io.lockstep.spark;

import io.lockstep.train.Workbench;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The workbenches of this JVM, by run: an executor keeps its networks from round to round.
 *
 * <p>An executor is not told when a run ends, so only the runs used last are kept; a forgotten run
 * that goes on builds its networks anew. Thread-safe.
 */
final class Workbenches {
  private static final int KEPT_RUNS = 4;
  private static final Map<String, Workbench> BY_RUN = new LinkedHashMap<>(8, 0.75f, true);

  private Workbenches() {}

  static synchronized Workbench of(String run, Supplier<Workbench> open) {
    Workbench workbench = BY_RUN.computeIfAbsent(run, key -> open.get());
    if (BY_RUN.size() > KEPT_RUNS) {
      var eldest = BY_RUN.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    return workbench;
  }

  static synchronized void close(String run) {
    Workbench workbench = BY_RUN.remove(run);
    if (workbench != null) {
      workbench.close();
    }
  }
}
