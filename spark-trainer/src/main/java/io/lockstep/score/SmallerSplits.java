package io.lockstep.score;

import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of bytes cut smaller than for training, so that a table of some ten MiB keeps several
 * cores busy: each range becomes a task and a file of scores. A function of the files alone, since
 * minibatches end with splits. Packed files, and ranges of rows or of files, stay as they are.
 */
final class SmallerSplits {
  private static final long SMALLEST = 4L << 20;
  private static final int PIECES = 32;

  private SmallerSplits() {}

  static SourceLayout of(SourceLayout layout) {
    long most = Math.max(SMALLEST, Math.min(SourceSplit.BYTES, layout.bytes() / PIECES));
    List<SourceSplit> splits = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      long length = split.to() - split.from();
      boolean packed = split.to() >= Long.MAX_VALUE - 1;
      long pieces = packed ? 1 : Math.max(1, (length + most - 1) / most);
      for (long piece = 0; piece < pieces; piece++) {
        splits.add(
            new SourceSplit(
                splits.size(),
                split.file(),
                split.from() + length * piece / pieces,
                piece == pieces - 1 ? split.to() : split.from() + length * (piece + 1) / pieces));
      }
    }
    return layout.withSplits(splits);
  }
}
