package io.lockstep.plan;

import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import java.util.Optional;

/**
 * Which examples are trained and how they are prepared.
 *
 * @param train the examples of the training and validation splits
 * @param test held-out examples, evaluated at the end
 * @param validation fraction of {@code train} held out for evaluation during training, [0, 1)
 * @param holdOut which ones are held out; empty for what suits the source
 * @param normalize what is done to features before they reach the network
 * @param standardizeTargets whether numbers to be predicted are standardised too; not if empty
 * @param badRecords what becomes of records that cannot be used; they end a run if empty
 */
public record DataPlan(
    ExampleSource train,
    Optional<ExampleSource> test,
    double validation,
    Optional<HoldOut> holdOut,
    Normalization normalize,
    Optional<Boolean> standardizeTargets,
    Optional<BadRecords> badRecords) {
  /** Which examples are held out for validation. */
  public enum HoldOut {
    /** Drawn from the seed. */
    RANDOM,
    /** The last ones of the source, as Keras' validation_split. */
    LAST
  }

  /** Whether it is the last examples that are held out. */
  public boolean holdsOutLast() {
    return holdOut.map(it -> it == HoldOut.LAST).orElse(train.ordered());
  }

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
