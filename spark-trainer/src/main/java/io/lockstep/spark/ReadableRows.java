package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.SourceSplit;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** Rows of files that may turn out to be damaged while they are read: then the file is named. */
final class ReadableRows {
  private ReadableRows() {}

  static JavaRDD<Row> of(JavaRDD<Row> rows, List<SourceSplit> splits) {
    String[] files = splits.stream().map(SourceSplit::file).toArray(String[]::new);
    return rows.mapPartitionsWithIndex((split, it) -> new Checked(it, files[split]), true);
  }

  private record Checked(Iterator<Row> rows, String file) implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (Exception e) { // Spark's are checked, which Scala does not say
        throw named(e);
      }
    }

    @Override
    public Row next() {
      try {
        return rows.next();
      } catch (Exception e) { // Spark's are checked, which Scala does not say
        throw named(e);
      }
    }

    /** What is wrong with the file, if it is that; what the cluster does passes as it is. */
    private RuntimeException named(Exception failure) {
      Throwable last = failure;
      boolean ofFile = false;
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (isOfNetwork(cause)) {
          return unchecked(failure);
        }
        ofFile |= String.valueOf(cause.getMessage()).contains("rror while reading file ");
        last = cause;
      }
      return ofFile
          ? new InputException(
              "%s: cannot be read: %s Mend the file, or write it anew."
                  .formatted(file, sentence(last)),
              failure)
          : unchecked(failure);
    }

    private static RuntimeException unchecked(Exception failure) {
      return failure instanceof RuntimeException already
          ? already
          : new IllegalStateException(failure.getMessage(), failure);
    }

    private static boolean isOfNetwork(Throwable cause) {
      String type = cause.getClass().getName();
      return type.startsWith("java.net.")
          || type.startsWith("org.apache.hadoop.ipc.")
          || cause instanceof InterruptedIOException;
    }

    private static String sentence(Throwable cause) {
      String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("").strip();
      return first.endsWith(".") ? first : first + ".";
    }
  }
}
