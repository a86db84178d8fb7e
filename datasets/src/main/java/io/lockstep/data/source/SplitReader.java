package io.lockstep.data.source;

import io.lockstep.data.block.Block;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads one split from front to back, in blocks of a few MiB. Not thread-safe.
 *
 * <p>What is wrong with the user's data does not end the reading with an exception: it stands in
 * the {@link #report}, so that all splits' problems can be told together, in their order. After the
 * first problem no more blocks come.
 */
public interface SplitReader extends Closeable {
  /**
   * The next block, empty at the end; ids are the rows of the split, from 0.
   *
   * @throws IOException if the file system fails
   */
  Optional<Block> next() throws IOException;

  /**
   * What is passed through of each example of the last block, in the order of its rows: a value for
   * each of {@link SourceLayout#passed}. Empty if nothing is.
   */
  default List<Object[]> passed() {
    return List.of();
  }

  /** Hands over the records that were left out since the last call, if they are kept at hand. */
  default List<SkippedRecord> skipped() {
    return List.of();
  }

  /** What was found; after the end only. */
  SplitReport report();
}
