package io.lockstep.data;

import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;

/**
 * The order in which a replica trains its examples in an epoch.
 *
 * <p>A Fisher-Yates shuffle driven by SplitMix64 from {@link Seeds.Purpose#ORDER}. Stable for ever:
 * the same arguments give the same order in every version of Lockstep, on every machine.
 */
public final class EpochOrder {
  private EpochOrder() {}

  /**
   * Returns the rows 0 to {@code size - 1} of the replica's block in the order of this epoch.
   *
   * @param epoch counted from 0
   * @param replica counted from 0
   */
  public static int[] permutation(long seed, int epoch, int replica, int size) {
    return new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, seed, epoch, replica))
        .permutation(size);
  }
}
