package io.lockstep.run;

import io.lockstep.data.EpochOrder;
import io.lockstep.data.Split;

/** Which examples the plan lets each replica train in an epoch, and in which order. */
public interface TrainingOrder {
  /** Number of replicas. */
  int replicas();

  /** Ids that {@code replica} trains in {@code epoch}, in their order. */
  int[] ids(int epoch, int replica);

  /** The order that follows from a plan: the split dealt to replicas, shuffled in each epoch. */
  static TrainingOrder of(Split split, int replicas, long seed) {
    return new TrainingOrder() {
      @Override
      public int replicas() {
        return replicas;
      }

      @Override
      public int[] ids(int epoch, int replica) {
        int[] shard = split.shard(replicas, replica);
        int[] ids = EpochOrder.permutation(seed, epoch, replica, shard.length);
        for (int i = 0; i < ids.length; i++) {
          ids[i] = shard[ids[i]];
        }
        return ids;
      }
    };
  }
}
