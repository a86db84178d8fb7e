package io.lockstep.data.order;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The order in which replicas train the rows of their shards, epoch by epoch.
 *
 * <p>A shard is a list of blocks. If it has no more of them than the window, all its rows are
 * shuffled together (Fisher and Yates). A larger one is taken in groups: the blocks are put in
 * random order and cut into groups of as many as the window holds, and the rows of each group are
 * shuffled together. Since the rows of a shard are in random order to begin with ({@link Deal}), a
 * group is a fair sample of the shard. Rows whose order means something are not shuffled at all.
 * Where minibatches are to be of rows of similar length, {@link ByLength} follows. Driven by
 * SplitMix64 from {@link Seeds.Purpose#ORDER}; the same arguments give the same order in every
 * version of Lockstep, on every machine. Immutable.
 *
 * @param seed of the plan
 * @param blockSize rows of a block, the last of a shard may have fewer
 * @param window blocks of a group
 * @param shuffled false if rows are trained in the order in which they lie, in every epoch
 * @param bucketed rows of a minibatch if rows of similar length are to meet in one, else 0
 */
public record EpochOrder(long seed, int blockSize, int window, boolean shuffled, int bucketed)
    implements Serializable {
  /** An order that does not ask for lengths. */
  public EpochOrder(long seed, int blockSize, int window, boolean shuffled) {
    this(seed, blockSize, window, shuffled, 0);
  }

  /** An order that is shuffled. */
  public EpochOrder(long seed, int blockSize, int window) {
    this(seed, blockSize, window, true);
  }

  public EpochOrder {
    if (blockSize < 1 || window < 1 || (long) blockSize * window > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("blocks of " + blockSize + ", window of " + window);
    }
    if (bucketed < 0 || (bucketed > 0 && !shuffled)) {
      throw new IllegalArgumentException("minibatches of " + bucketed + ", shuffled " + shuffled);
    }
  }

  /**
   * The same order of groups, in each of which rows of similar length meet.
   *
   * @param batch rows of a minibatch
   */
  public EpochOrder byLength(int batch) {
    return new EpochOrder(seed, blockSize, window, shuffled, batch);
  }

  /** Number of blocks of a shard of {@code size} rows. */
  public int blocks(long size) {
    return Math.toIntExact((size + blockSize - 1) / blockSize);
  }

  /** Number of groups of a shard of {@code size} rows. */
  public int groups(long size) {
    return (int) ((blocks(size) + (long) window - 1) / window);
  }

  /** Rows of block {@code block} of a shard of {@code size} rows. */
  public int rows(long size, int block) {
    return (int) Math.min(blockSize, size - (long) block * blockSize);
  }

  /**
   * The order of one epoch of one replica, group by group.
   *
   * @param epoch counted from 0
   * @param replica counted from 0
   * @param size rows of its shard
   */
  public Epoch epoch(int epoch, int replica, long size) {
    return new Epoch(this, epoch, replica, size);
  }

  /** The order of one epoch of one replica; holds a number per block. Immutable. */
  public static final class Epoch {
    private final EpochOrder order;
    private final int epoch;
    private final int replica;
    private final long size;
    private final int[] blocks; // in the order of the epoch
    private final long[] starts; // position at which each group begins, and the end

    private Epoch(EpochOrder order, int epoch, int replica, long size) {
      this.order = order;
      this.epoch = epoch;
      this.replica = replica;
      this.size = size;
      int count = order.blocks(size);
      blocks =
          count <= order.window || !order.shuffled ? ascending(count) : random().permutation(count);
      starts = new long[order.groups(size) + 1];
      for (int i = 0; i < count; i++) {
        starts[i / order.window + 1] += order.rows(size, blocks[i]);
      }
      for (int group = 1; group < starts.length; group++) {
        starts[group] += starts[group - 1];
      }
    }

    private SplitMix64 random(long... group) {
      long[] keys = new long[2 + group.length];
      keys[0] = epoch;
      keys[1] = replica;
      System.arraycopy(group, 0, keys, 2, group.length);
      return new SplitMix64(Seeds.derive(Seeds.Purpose.ORDER, order.seed, keys));
    }

    private static int[] ascending(int count) {
      int[] numbers = new int[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = i;
      }
      return numbers;
    }

    /** Rows that are trained in the epoch. */
    public long size() {
      return size;
    }

    /** Number of groups. */
    public int groups() {
      return starts.length - 1;
    }

    /** The group in which {@code position} of the epoch's order lies. */
    public int groupOf(long position) {
      if (position < 0 || position >= size) {
        throw new IndexOutOfBoundsException("position " + position + " of " + size);
      }
      int found = Arrays.binarySearch(starts, position);
      return found < 0 ? -found - 2 : found;
    }

    /** The rows of one group; holds a number per row of it. */
    public Group group(int group) {
      int first = group * order.window;
      int[] own = new int[Math.min(order.window, blocks.length - first)];
      System.arraycopy(blocks, first, own, 0, own.length);
      int rows = (int) (starts[group + 1] - starts[group]);
      if (!order.shuffled) {
        return new Group(order, starts[group], own, ascending(rows), null);
      }
      SplitMix64 random = blocks.length <= order.window ? random() : random(group);
      int[] shuffled = random.permutation(rows);
      ByLength buckets =
          order.bucketed == 0 ? null : ByLength.of(starts[group], rows, order.bucketed, random);
      return new Group(order, starts[group], own, shuffled, buckets);
    }
  }

  /** Lengths of the rows of a group, which are asked for only if its order depends on them. */
  @FunctionalInterface
  public interface Lengths {
    /**
     * Time steps of a row.
     *
     * @param block place of its block in {@link Group#blocks}
     * @param row in that block
     */
    int of(int block, int row);
  }

  /**
   * The rows of some blocks, shuffled together. Immutable.
   *
   * <p>Rows of the group are counted over its blocks in the group's order: since only the last
   * block of a shard can be short, a few comparisons find the block of a row.
   */
  public static final class Group {
    private final EpochOrder epoch;
    private final long start;
    private final int[] blocks;
    private final int[] order;
    private final int shortAt; // place of the shard's last block in this group, -1 if elsewhere
    private final int missing; // rows that it lacks of a whole block
    private final ByLength buckets; // null if lengths do not matter, or no longer

    private Group(EpochOrder epoch, long start, int[] blocks, int[] order, ByLength buckets) {
      this.epoch = epoch;
      this.buckets = buckets;
      this.start = start;
      this.blocks = blocks;
      this.order = order;
      this.missing = blocks.length * epoch.blockSize - order.length;
      int last = -1;
      for (int i = 0; i < blocks.length && missing > 0; i++) {
        last = last < 0 || blocks[i] > blocks[last] ? i : last;
      }
      shortAt = last;
    }

    /**
     * The group in the order in which it is trained: the same, unless rows of similar length are to
     * meet.
     */
    public Group with(Lengths lengths) {
      if (buckets == null) {
        return this;
      }
      int[] steps = new int[order.length];
      for (int place = 0; place < steps.length; place++) {
        long at = at(place);
        steps[place] = lengths.of((int) (at >>> 32), (int) at);
      }
      int[] places = buckets.places(steps);
      int[] sorted = new int[order.length];
      for (int place = 0; place < sorted.length; place++) {
        sorted[place] = order[places[place]];
      }
      return new Group(epoch, start, blocks, sorted, null);
    }

    /** Position in the epoch's order at which the group begins. */
    public long start() {
      return start;
    }

    /** Number of rows. */
    public int size() {
      return order.length;
    }

    /** The blocks of the shard that it is made of, in the group's order. */
    public int[] blocks() {
      return blocks.clone();
    }

    /**
     * The row at a place of the group's order.
     *
     * @param place from 0 within the group
     * @return in the upper half which of {@link #blocks} (its place there), in the lower the row in
     *     that block
     */
    public long at(int place) {
      int blockSize = epoch.blockSize;
      int row = order[place];
      int block = row / blockSize;
      if (shortAt >= 0 && row >= (shortAt + 1) * blockSize - missing) {
        row += missing;
        block = row / blockSize;
      }
      return (long) block << 32 | (row - block * blockSize);
    }

    /** The row of the shard at a place of the group's order. */
    public long rowAt(int place) {
      long at = at(place);
      return (long) blocks[(int) (at >>> 32)] * epoch.blockSize + (int) at;
    }
  }
}
