package io.lockstep.train;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.block.Block;
import io.lockstep.ingest.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The minibatches of a piece in the order of its rows; holds a block or two. Not thread-safe. */
final class InOrder {
  private final Shard piece;
  private final Batcher batcher;
  private final int batch;
  private final boolean across;
  private final List<Block> blocks = new ArrayList<>();
  private int next; // number of the block to be fetched next
  private int row; // of the first of the blocks held, to be taken next

  /**
   * @param batch rows of a minibatch at most
   * @param across whether a minibatch goes on in the next block, so that only the last is short
   */
  InOrder(Shard piece, Batcher batcher, int batch, boolean across) {
    this.piece = piece;
    this.batcher = batcher;
    this.batch = batch;
    this.across = across;
  }

  /** The next minibatch, valid until the one after it is asked for; null at the end. */
  Minibatch next() {
    if (!fetch()) {
      return null;
    }
    LongStream.Builder rows = LongStream.builder();
    int at = 0;
    for (int taken = 0; taken < batch; taken++) {
      if (row == blocks.get(at).size()) {
        if (!across || !fetchAfter(at)) {
          break;
        }
        at++;
        row = 0;
      }
      rows.add(Batcher.row(at, row++));
    }
    Minibatch assembled = batcher.assemble(blocks, rows.build().toArray());
    blocks.subList(0, at).clear();
    return assembled;
  }

  /** Sees to it that the first block held has a row left. */
  private boolean fetch() {
    while (blocks.isEmpty() || row == blocks.get(0).size()) {
      blocks.clear();
      row = 0;
      if (!fetchAfter(-1)) {
        return false;
      }
    }
    return true;
  }

  private boolean fetchAfter(int last) {
    if (blocks.size() == last + 1) {
      if (next == piece.blocks()) {
        return false;
      }
      blocks.add(piece.block(next++));
    }
    return true;
  }
}
