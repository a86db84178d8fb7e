package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SerializableWritable;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads a split: its blocks, one at a time, then its report.
 *
 * @param hadoop the driver's settings, so that executors read alike
 */
record SplitTask(
    ExampleSource source, SourceLayout layout, Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<Integer, SerializableWritable<Crate>> {
  @Override
  public Iterator<SerializableWritable<Crate>> call(Integer split) throws IOException {
    SplitReader reader = source.open(hadoop.value().value(), layout, layout.splits().get(split));
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              try {
                reader.close();
              } catch (IOException e) {
                throw new UncheckedIOException("closing a split", e);
              }
            });
    return new Reading(reader);
  }

  private static final class Reading implements Iterator<SerializableWritable<Crate>> {
    private final SplitReader reader;
    private boolean ended;

    Reading(SplitReader reader) {
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
}
