package io.lockstep.spark;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SkippedRecord;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads a split again for the records that are left out of it.
 *
 * @param source that keeps them at hand
 * @param layout that the split is of
 * @param hadoop the driver's settings, so that executors read alike
 * @param linesBefore of each split, in its file
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SkippedTask(
    ExampleSource source,
    SourceLayout layout,
    Broadcast<SerializableConfiguration> hadoop,
    long[] linesBefore)
    implements FlatMapFunction<Integer, Object[]> {
  static final StructType SCHEMA =
      new StructType()
          .add("file", DataTypes.StringType)
          .add("line", DataTypes.LongType)
          .add("kind", DataTypes.StringType)
          .add("message", DataTypes.StringType)
          .add("record", DataTypes.StringType);

  @Override
  public Iterator<Object[]> call(Integer number) throws IOException {
    SourceSplit split = layout.splits().get(number);
    return rows(split, source.open(hadoop.value().value(), layout, split));
  }

  /** The records that {@code reader} leaves out; it is closed with the task. */
  Iterator<Object[]> rows(SourceSplit split, SplitReader reader) {
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              try {
                reader.close();
              } catch (IOException e) {
                throw new UncheckedIOException("closing a split", e);
              }
            });
    return new Iterator<>() {
      private Iterator<SkippedRecord> left = reader.skipped().iterator();
      private boolean ended;

      @Override
      public boolean hasNext() {
        while (!left.hasNext() && !ended) {
          try {
            ended = reader.next().isEmpty();
          } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
          }
          left = reader.skipped().iterator();
        }
        return left.hasNext();
      }

      @Override
      public Object[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return row(split, left.next());
      }
    };
  }

  private Object[] row(SourceSplit split, SkippedRecord record) {
    SkippedRecords.Place place = record.place();
    String file = place.file().isEmpty() ? split.file() : split.file() + "/" + place.file();
    return new Object[] {
      file,
      place.line() == 0 ? null : linesBefore[split.index()] + place.line(),
      place.fault().word(),
      place.message(),
      record.text()
    };
  }
}
