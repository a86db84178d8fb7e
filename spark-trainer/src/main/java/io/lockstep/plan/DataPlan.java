package io.lockstep.plan;

import io.lockstep.data.source.ExampleSource;
import java.util.Optional;

/**
 * Which examples are trained and how they are prepared.
 *
 * @param train the examples of the training and validation splits
 * @param test held-out examples, evaluated at the end
 * @param validation fraction of {@code train} held out for evaluation during training, [0, 1)
 * @param normalize what is done to features before they reach the network
 */
public record DataPlan(
    ExampleSource train, Optional<ExampleSource> test, double validation, Normalization normalize) {
  /** What is done to features before they reach the network. */
  public enum Normalization {
    /** Nothing. */
    NONE,
    /** Divided by 255: pixels become [0, 1]. */
    SCALE,
    /** Mean 0 and deviation 1 per feature, fitted on the training split. */
    STANDARDIZE
  }
}
