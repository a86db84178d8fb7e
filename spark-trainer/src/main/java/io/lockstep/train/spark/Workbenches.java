package io.lockstep.train.spark;

import io.lockstep.train.Workbench;
import io.lockstep.train.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

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

  static synchronized Workbench of(Workload workload) {
    Workbench workbench = BY_RUN.computeIfAbsent(workload.key(), key -> new Workbench(workload));
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
