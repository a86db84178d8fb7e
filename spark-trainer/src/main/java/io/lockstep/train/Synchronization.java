package io.lockstep.train;

import io.lockstep.ps.Padding;
import java.util.List;

/**
 * What came of one synchronisation.
 *
 * @param at which it was
 * @param endsEpoch whether each example of the epoch has been trained now
 * @param loss weighted mean over what was trained since the one before
 * @param shares what each replica did, in replica order
 */
public record Synchronization(
    RoundRequest at, boolean endsEpoch, double loss, List<RoundResult.Share> shares) {
  public Synchronization {
    shares = List.copyOf(shares);
  }

  /** What was padded of their minibatches. */
  public Padding padding() {
    return shares.stream().map(RoundResult.Share::padding).reduce(Padding.NONE, Padding::plus);
  }

  /** Examples trained by all replicas. */
  public long examples() {
    return shares.stream().mapToLong(RoundResult.Share::examples).sum();
  }
}
