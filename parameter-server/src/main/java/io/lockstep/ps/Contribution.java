package io.lockstep.ps;

/**
 * What one replica brings to a round: its vectors after the local steps, and how much they weigh.
 *
 * <p>The arrays are handed over, not copied. A replica that had no examples left brings {@link
 * #nothing}, which weighs nothing.
 *
 * @param replica number of the replica, the position at which it is summed
 * @param weight examples its values were trained on
 * @param steps minibatches it took
 * @param lossSum sum over its examples of the loss each was trained with
 * @param trained hash of the ids of its examples in their order, the ledger's evidence
 * @param values parameters (averaging) or the gradient of the mean loss (gradient mode)
 * @param updater optimizer state to be averaged too, empty if there is none
 */
@SuppressWarnings(
    "ArrayRecordComponent") // vectors of millions of values, never compared as records
public record Contribution(
    int replica,
    long weight,
    int steps,
    double lossSum,
    long trained,
    float[] values,
    float[] updater) {
  private static final float[] NONE = {};

  public Contribution {
    if (replica < 0 || weight < 0 || steps < 0) {
      throw new IllegalArgumentException(
          "replica %d, weight %d, steps %d: none may be negative"
              .formatted(replica, weight, steps));
    }
    if (weight == 0 && values.length > 0) {
      throw new IllegalArgumentException("replica " + replica + " brings values without weight");
    }
  }

  /** The contribution of a replica whose examples of this epoch are used up. */
  public static Contribution nothing(int replica) {
    return new Contribution(replica, 0, 0, 0, 0, NONE, NONE);
  }
}
