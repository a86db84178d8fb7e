package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SerializableWritable;

/** What a reader finds in a split: its blocks, one at a time, then its report. */
final class SplitCrates implements Iterator<SerializableWritable<Crate>> {
  private final SplitReader reader;
  private boolean ended;

  SplitCrates(SplitReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public SerializableWritable<Crate> next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    try {
      Optional<Block> block = reader.next();
      if (block.isPresent()) {
        return Crate.of(block.get());
      }
      ended = true;
      return Crate.of(reader.report());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
