package io.lockstep.train;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.Dealt;
import io.lockstep.ps.TrainingState;

/** Data where it is kept, ready for work. Closed after all that was opened on it. */
public interface LoadedData extends AutoCloseable {
  /** What is known of it. */
  Dealt dealt();

  /** Who works on it now. */
  default Workers workers() {
    return Workers.ONE_THREAD;
  }

  /** An engine over this data; the caller closes it. */
  Engine open(Workload workload);

  /**
   * Measures the network of {@code state} on the part {@code TEST}, merged in the order of the
   * pieces.
   */
  EvaluationAccumulator measure(EvaluationWork work, TrainingState state);

  @Override
  void close();
}
