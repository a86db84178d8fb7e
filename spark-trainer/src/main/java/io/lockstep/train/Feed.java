package io.lockstep.train;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.ingest.Shard;
import io.lockstep.ps.Padding;
import io.lockstep.run.IdHash;
import java.util.ArrayList;
import java.util.List;

/**
 * The minibatches of a replica in an epoch, and a record of which were handed out.
 *
 * <p>The hash over the ids of all examples handed out, in their order, travels back with the
 * contribution: so the ledger tells what was trained, not what should have been. A minibatch is
 * valid until the next is asked for. Not thread-safe.
 */
final class Feed {
  private final Shard shard;
  private final Window window;
  private final Batcher batcher;
  private final int batch;
  private long handedOut = IdHash.EMPTY;
  private Padding padding = Padding.NONE;

  Feed(Shard shard, Window window, Batcher batcher, int batch) {
    this.shard = shard;
    this.window = window;
    this.batcher = batcher;
    this.batch = batch;
  }

  /** The {@code i}-th minibatch of the epoch; one may lie across two groups of the order. */
  Minibatch minibatch(long i) {
    long from = i * batch;
    long to = Math.min(from + batch, window.size());
    long[] rows = new long[(int) (to - from)];
    long steps = 0;
    int longest = 0;
    List<Block> blocks = new ArrayList<>();
    for (long position = from; position < to; ) {
      window.moveTo(position, shard);
      EpochOrder.Group group = window.group();
      int first = blocks.size();
      blocks.addAll(window.blocks());
      long end = Math.min(to, group.start() + group.size());
      for (; position < end; position++) {
        long at = group.at((int) (position - group.start()));
        int block = first + (int) (at >>> 32);
        int row = (int) at;
        rows[(int) (position - from)] = Batcher.row(block, row);
        handedOut = IdHash.add(handedOut, blocks.get(block).id(row));
        int length = blocks.get(block).length(row);
        steps += length;
        longest = Math.max(longest, length);
      }
    }
    padding = padding.plus(new Padding(steps, (long) rows.length * longest));
    return batcher.assemble(blocks, rows);
  }

  /** Time steps of all examples handed out so far, and those that were computed for them. */
  Padding padding() {
    return padding;
  }

  /** Hash of the ids of all examples handed out so far, in their order. */
  long handedOut() {
    return handedOut;
  }
}
