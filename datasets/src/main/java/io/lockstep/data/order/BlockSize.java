package io.lockstep.data.order;

import io.lockstep.data.block.Schema;

/**
 * How many examples the blocks of a shard hold: a pure function of the data, since it decides the
 * order in which large shards are trained.
 */
public final class BlockSize {
  /** Bytes that a block has at most, in the mean. */
  private static final long MOST_BYTES = 4L << 20;

  private static final int MOST_EXAMPLES = 1 << 16;
  private static final int MOST_SHUFFLED = 1 << 30;

  private BlockSize() {}

  /**
   * The largest power of two of examples that take at most 4 MiB, at most 65,536.
   *
   * @param steps time steps of each sequence, in the mean over the source
   */
  public static int of(Schema schema, double steps) {
    double fit = MOST_BYTES / schema.bytesPerExample(steps);
    return (int) Long.highestOneBit((long) Math.min(MOST_EXAMPLES, Math.max(1, fit)));
  }

  /**
   * How many blocks are shuffled together, at least 1; never so many that their rows could not be
   * counted with an int.
   *
   * @param windowBytes of examples that a replica may hold at once
   */
  public static int window(Schema schema, double steps, int blockSize, long windowBytes) {
    double bytes = schema.bytesPerExample(steps) * blockSize;
    double most = Math.floorDiv(MOST_SHUFFLED, blockSize);
    return (int) Math.max(1, Math.min(most, windowBytes / bytes));
  }
}
