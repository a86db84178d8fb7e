package io.lockstep.train;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.TrainingState;
import java.util.Optional;

/**
 * Where the work of a run is executed; what is computed is the same everywhere, bit for bit.
 *
 * <p>Opened for one {@link Workload}; holds the networks until it is closed. Not thread-safe.
 */
public interface Engine extends AutoCloseable {
  /** A training from the plan's initial weights on; the caller closes it before the engine. */
  Training begin();

  /** A training that goes on from {@code snapshot}; the caller closes it before the engine. */
  Training resume(Snapshot snapshot);

  /**
   * Measures the network of {@code state} on {@code part}, merged in the order of the pieces.
   *
   * @throws LostWorkException if the work cannot be done, however often it is tried
   */
  EvaluationAccumulator evaluate(TrainingState state, Part part);

  /** What its rounds took so far; empty where it is not measured. */
  default Optional<RoundPace> pace() {
    return Optional.empty();
  }

  @Override
  void close();
}
