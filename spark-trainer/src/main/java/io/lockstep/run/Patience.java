package io.lockstep.run;

import java.util.Optional;

/**
 * The memory of early stopping.
 *
 * @param best evaluation so far
 * @param withoutImprovement evaluations since then
 */
public record Patience(Optional<Best> best, int withoutImprovement) {
  /** Nothing was evaluated yet. */
  public static final Patience NONE = new Patience(Optional.empty(), 0);

  public Patience {
    if (withoutImprovement < 0) {
      throw new IllegalArgumentException("withoutImprovement is negative: " + withoutImprovement);
    }
  }

  /**
   * The best evaluation; its model is kept beside the checkpoints.
   *
   * @param metric its value
   * @param round next to come when it was made, the {@link Position#round} of its model
   * @param epoch just trained, counted from 0
   */
  public record Best(double metric, long round, int epoch) {}
}
