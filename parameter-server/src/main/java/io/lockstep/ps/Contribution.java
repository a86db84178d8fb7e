package io.lockstep.ps;

/**
 * What one replica brings to a round: its vectors after the local steps, and how much they weigh.
 *
 * <p>The arrays are handed over, not copied. A replica that had no examples left brings {@link
 * #nothing}, which weighs nothing.
 *
 * @param replica number of the replica, the position at which it is summed
 * @param examples it trained, what the ledger counts
 * @param weight what its losses were averaged over, what the mean of replicas weighs it by; greater
 *     than 0 if it brings values. DL4J averages over the examples of a minibatch, also where they
 *     are sequences with masks or have weights, so there it is the number of examples
 * @param steps of the optimizer that it took; with truncated backpropagation several a minibatch
 * @param lossSum sum over its minibatches of the loss times its weight
 * @param padding of its minibatches
 * @param trained hash of the ids of its examples in their order, the ledger's evidence
 * @param carry recurrent state that comes back to this replica with its next task, empty if none
 * @param values parameters (averaging) or the gradient of the mean loss (gradient mode)
 * @param updater optimizer state to be averaged too, empty if there is none
 */
@SuppressWarnings(
    "ArrayRecordComponent") // vectors of millions of values, never compared as records
public record Contribution(
    int replica,
    long examples,
    double weight,
    int steps,
    double lossSum,
    Padding padding,
    long trained,
    float[] carry,
    float[] values,
    float[] updater) {
  private static final float[] NONE = {};

  /** A contribution without sequences. */
  public Contribution(
      int replica,
      long examples,
      double weight,
      int steps,
      double lossSum,
      long trained,
      float[] carry,
      float[] values,
      float[] updater) {
    this(replica, examples, weight, steps, lossSum, Padding.NONE, trained, carry, values, updater);
  }

  public Contribution {
    if (replica < 0 || examples < 0 || steps < 0 || !(weight >= 0 && weight < 1e300)) {
      throw new IllegalArgumentException(
          "replica %d, examples %d, weight %s, steps %d: none may be negative, weight finite"
              .formatted(replica, examples, weight, steps));
    }
    if (weight == 0 && values.length > 0) {
      throw new IllegalArgumentException("replica " + replica + " brings values without weight");
    }
  }

  /**
   * The contribution of a replica whose examples of this epoch are used up.
   *
   * @param carry as it was given
   */
  public static Contribution nothing(int replica, float[] carry) {
    return new Contribution(replica, 0, 0, 0, 0, 0, carry, NONE, NONE);
  }
}
