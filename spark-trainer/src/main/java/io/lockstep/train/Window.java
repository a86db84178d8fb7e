package io.lockstep.train;

import io.lockstep.data.block.Block;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.ingest.Shard;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a replica's shard that is shuffled together at the moment: the blocks of one group of
 * the epoch's order. All that training holds of a shard. Not thread-safe.
 */
final class Window {
  private final EpochOrder.Epoch order;
  private final int epoch;
  private int number = -1;
  private EpochOrder.Group group;
  private List<Block> blocks;

  /**
   * A window at no group yet.
   *
   * @param before the replica's window of another epoch, null if there is none; where all of a
   *     shard fits, its blocks are taken over
   */
  Window(EpochOrder order, int epoch, int replica, long size, Window before) {
    this.order = order.epoch(epoch, replica, size);
    this.epoch = epoch;
    if (before != null && before.blocks != null && this.order.groups() == 1) {
      group = trained(this.order.group(0), before.blocks);
      blocks = before.blocks;
      number = 0;
    }
  }

  /** The epoch that it moves through. */
  int epoch() {
    return epoch;
  }

  /** Rows of the epoch. */
  long size() {
    return order.size();
  }

  /** Moves to the group in which {@code position} of the epoch's order lies. */
  void moveTo(long position, Shard shard) {
    int wanted = order.groupOf(position);
    if (wanted == number) {
      return;
    }
    number = -1;
    blocks = null; // before others are fetched, so that two windows are never held
    EpochOrder.Group shuffled = order.group(wanted);
    List<Block> fetched = new ArrayList<>();
    for (int block : shuffled.blocks()) {
      fetched.add(shard.block(block));
    }
    group = trained(shuffled, fetched);
    blocks = fetched;
    number = wanted;
  }

  private static EpochOrder.Group trained(EpochOrder.Group shuffled, List<Block> of) {
    return shuffled.with((block, row) -> of.get(block).length(row));
  }

  /** The group that it stands at. */
  EpochOrder.Group group() {
    return group;
  }

  /** The blocks of the group, in its order. */
  List<Block> blocks() {
    return blocks;
  }
}
