package io.lockstep.ingest;

import io.lockstep.data.block.Block;

/**
 * The examples that one replica owns, or one piece of a part that is evaluated: a list of blocks,
 * each fetched when it is asked for. Row r lies in block r / blockSize.
 */
public interface Shard {
  /** Number of blocks. */
  int blocks();

  /** Fetches a block; it may come from another machine, so whoever needs it again keeps it. */
  Block block(int number);
}
