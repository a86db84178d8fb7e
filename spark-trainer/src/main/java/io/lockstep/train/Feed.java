package io.lockstep.train;

import io.lockstep.data.Batcher;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Minibatch;
import io.lockstep.data.Minibatches;
import io.lockstep.run.IdHash;

/**
 * The minibatches of a replica in an epoch, and a record of which were handed out.
 *
 * <p>The hash over the ids of all examples handed out, in their order, travels back with the
 * contribution: so the ledger tells what was trained, not what should have been. A minibatch is
 * valid until the next is asked for. Not thread-safe.
 */
final class Feed {
  private final ExampleBlock shard;
  private final Batcher batcher;
  private final Minibatches order;
  private long handedOut = IdHash.EMPTY;

  Feed(ExampleBlock shard, Batcher batcher, Minibatches order) {
    this.shard = shard;
    this.batcher = batcher;
    this.order = order;
  }

  /** The {@code i}-th minibatch of the epoch. */
  Minibatch minibatch(int i) {
    int[] rows = order.at(i);
    for (int row : rows) {
      handedOut = IdHash.add(handedOut, shard.id(row));
    }
    return batcher.assemble(rows);
  }

  /** Hash of the ids of all examples handed out so far, in their order. */
  long handedOut() {
    return handedOut;
  }
}
