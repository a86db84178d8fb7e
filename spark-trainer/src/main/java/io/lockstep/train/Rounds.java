package io.lockstep.train;

/**
 * The lower level of an engine: where the replicas of one round work; what they compute is the same
 * everywhere, bit for bit. Not thread-safe.
 */
public interface Rounds {
  /**
   * Runs one round and merges it in replica order.
   *
   * @throws NonFiniteException if a loss is NaN or infinite
   * @throws LostWorkException if the work cannot be done, however often it is tried
   */
  RoundResult round(RoundStart start, RoundRequest request);
}
