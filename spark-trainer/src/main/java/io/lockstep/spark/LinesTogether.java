package io.lockstep.spark;

import io.lockstep.score.CsvLine;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Lines of CSV by {@value #LINES}, so that what Spark does for each of its rows (iterators, copies,
 * counters) is done once for as many of ours. The last ones of a partition may be fewer.
 */
final class LinesTogether implements FlatMapFunction<Iterator<Object[]>, String> {
  private static final long serialVersionUID = 1L;

  /** Lines that travel as one row of Spark. */
  static final int LINES = 64;

  /** Rows of Spark that so many lines of one partition become. */
  static long count(long lines) {
    return (lines + LINES - 1) / LINES;
  }

  @Override
  public Iterator<String> call(Iterator<Object[]> rows) {
    return new Iterator<>() {
      private final StringBuilder lines = new StringBuilder();

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        lines.setLength(0);
        CsvLine.append(rows.next(), lines);
        for (int i = 1; i < LINES && rows.hasNext(); i++) {
          CsvLine.append(rows.next(), lines.append('\n'));
        }
        return lines.toString();
      }
    };
  }
}
