package io.lockstep.run;

import io.lockstep.data.block.Block;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.Part;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Which examples the plan lets each replica train in an epoch, and in which order. */
public interface TrainingOrder {
  /** Number of replicas. */
  int replicas();

  /** Number of examples that {@code replica} trains in an epoch. */
  long size(int replica);

  /**
   * Ids that {@code replica} trains in {@code epoch}, in their order, made as they are asked for.
   */
  PrimitiveIterator.OfLong ids(int epoch, int replica);

  /** The order that follows from a deal of the examples; one group of it is held at a time. */
  static TrainingOrder of(Deal deal, EpochOrder order) {
    return of(
        deal,
        order,
        (replica, block) -> {
          throw new IllegalStateException("an order by length needs the lengths");
        });
  }

  /** The examples of replicas, which are looked at where the order depends on their lengths. */
  @FunctionalInterface
  interface Shards {
    /** A block of a replica's shard. */
    Block block(int replica, int block);
  }

  /** The same where the order depends on lengths. */
  static TrainingOrder of(Deal deal, EpochOrder order, Shards shards) {
    return new TrainingOrder() {
      @Override
      public int replicas() {
        return deal.pieces();
      }

      @Override
      public long size(int replica) {
        return deal.count(Part.TRAINING, replica);
      }

      @Override
      public PrimitiveIterator.OfLong ids(int epoch, int replica) {
        return new Ids(deal.places(), replica, order.epoch(epoch, replica, size(replica)), shards);
      }
    };
  }

  /** The ids of one epoch of one replica, group by group. */
  final class Ids implements PrimitiveIterator.OfLong {
    private final Deal.Places places;
    private final int replica;
    private final EpochOrder.Epoch epoch;
    private final Shards shards;
    private EpochOrder.Group group; // null before the first and after it
    private int next; // group to come
    private int place; // in the group

    private Ids(Deal.Places places, int replica, EpochOrder.Epoch epoch, Shards shards) {
      this.shards = shards;
      this.places = places;
      this.replica = replica;
      this.epoch = epoch;
    }

    @Override
    public boolean hasNext() {
      while (group == null || place == group.size()) {
        if (next == epoch.groups()) {
          return false;
        }
        group = trained(epoch.group(next++));
        place = 0;
      }
      return true;
    }

    private EpochOrder.Group trained(EpochOrder.Group shuffled) {
      int[] numbers = shuffled.blocks();
      Block[] blocks = new Block[numbers.length]; // fetched only if somebody asks
      return shuffled.with(
          (block, row) -> {
            if (blocks[block] == null) {
              blocks[block] = shards.block(replica, numbers[block]);
            }
            return blocks[block].length(row);
          });
    }

    @Override
    public long nextLong() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has no more examples");
      }
      return places.id(Part.TRAINING, replica, group.rowAt(place++));
    }
  }
}
