package io.lockstep.train;

import io.lockstep.data.Normalizer;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.TrainingState;

/**
 * Where the work of the replicas is executed; what they compute is the same everywhere, bit for
 * bit.
 *
 * <p>Opened for one {@link Workload}; holds the shards and the networks until it is closed. Not
 * thread-safe.
 */
public interface Engine extends AutoCloseable {
  /** What is done to features, fitted on the training part if it needs fitting. */
  Normalizer normalizer();

  /**
   * Runs one round from {@code state} and merges it in replica order.
   *
   * @throws NonFiniteException if a loss is NaN or infinite
   */
  RoundResult round(TrainingState state, RoundRequest request);

  /** Measures the network of {@code state} on {@code part}, merged in the order of the pieces. */
  EvaluationAccumulator evaluate(TrainingState state, Part part);

  @Override
  void close();
}
