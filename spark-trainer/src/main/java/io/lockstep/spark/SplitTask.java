package io.lockstep.spark;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
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
    return new SplitCrates(reader);
  }
}
