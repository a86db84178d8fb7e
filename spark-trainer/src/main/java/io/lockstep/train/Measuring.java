package io.lockstep.train;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.Shard;
import io.lockstep.ps.TrainingState;

/** Measures networks on pieces of examples. Thread-safe. */
public interface Measuring extends AutoCloseable {
  /** Measures the network of {@code state} on a piece, in its order. */
  EvaluationAccumulator evaluate(Shard piece, TrainingState state);

  @Override
  void close();
}
