package io.lockstep.train;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.WeightedAverage;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the contributions of a round, in replica order, into one.
 *
 * <p>The vectors are averaged by {@link WeightedAverage}. An engine may merge slices of the vectors
 * apart from each other: every value is merged on its own, so the bits are the same. Not
 * thread-safe.
 */
public final class Merge {
  private final List<RoundResult.Share> shares = new ArrayList<>();
  private WeightedAverage values;
  private WeightedAverage updater;
  private double lossSum;
  private double weight;
  private int steps;

  /**
   * Adds the next contribution.
   *
   * @throws IllegalArgumentException if replicas do not come in ascending order
   */
  public void add(Contribution contribution) {
    if (!shares.isEmpty() && shares.get(shares.size() - 1).replica() >= contribution.replica()) {
      throw new IllegalArgumentException(
          "replica %d cannot follow replica %d"
              .formatted(contribution.replica(), shares.get(shares.size() - 1).replica()));
    }
    if (values == null && contribution.weight() > 0) {
      values = new WeightedAverage(contribution.values().length);
      updater = new WeightedAverage(contribution.updater().length);
    }
    if (contribution.weight() > 0) {
      values.add(contribution.values(), contribution.weight());
      updater.add(contribution.updater(), contribution.weight());
    }
    lossSum += contribution.lossSum();
    weight += contribution.weight();
    steps = Math.max(steps, contribution.steps());
    shares.add(
        new RoundResult.Share(
            contribution.replica(),
            contribution.examples(),
            contribution.steps(),
            contribution.padding(),
            contribution.trained(),
            contribution.carry()));
  }

  /**
   * The round as a whole.
   *
   * @throws IllegalStateException if nobody contributed
   */
  public RoundResult result() {
    if (values == null) {
      throw new IllegalStateException("no replica contributed to the round");
    }
    RoundPart merging = RoundPart.begin("merge");
    var result = new RoundResult(values.mean(), updater.mean(), steps, lossSum / weight, shares);
    merging.commit();
    return result;
  }
}
