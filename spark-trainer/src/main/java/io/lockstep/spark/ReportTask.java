package io.lockstep.spark;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads a split for what it reports alone.
 *
 * @param hadoop the driver's settings, so that executors read alike
 */
record ReportTask(
    ExampleSource source, SourceLayout layout, Broadcast<SerializableConfiguration> hadoop)
    implements Function<Integer, byte[]> {
  @Override
  public byte[] call(Integer split) throws IOException {
    return report(source.open(hadoop.value().value(), layout, layout.splits().get(split)));
  }

  /** What {@code opened} reports once it has read; it is closed. */
  static byte[] report(SplitReader opened) throws IOException {
    try (SplitReader reader = opened) {
      while (reader.next().isPresent()) {
        reader.skipped(); // let go
      }
      return reader.report().encode();
    }
  }
}
