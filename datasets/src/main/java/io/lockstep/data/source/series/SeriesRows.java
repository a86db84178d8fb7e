package io.lockstep.data.source.series;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.source.LineRange;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvHeader;
import io.lockstep.data.source.csv.CsvRows;
import io.lockstep.data.source.csv.MissingValues;
import io.lockstep.data.source.text.TextFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Rows of series, one after the other, from the first that begins in a split on, to the end of the
 * split or of the file. The first problem of each column is kept. Not thread-safe.
 */
final class SeriesRows implements AutoCloseable {
  private final SeriesOptions.Table table;
  private final SeriesColumns columns;
  private final SeriesTime times;
  private final CsvRows rows;
  private final String file;
  private final MissingValues missing;
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();

  private boolean complete;

  private SeriesRows(SeriesOptions.Table table, SeriesColumns columns, CsvRows rows, String file) {
    this.table = table;
    this.columns = columns;
    this.times = SeriesTime.of(table.timeFormat());
    this.rows = rows;
    this.missing = new MissingValues(table.missingValues());
    this.file = file;
  }

  /**
   * Opens a split.
   *
   * @param beyond whether rows after the split's end are wanted too
   */
  static SeriesRows open(
      Configuration hadoop,
      SeriesOptions.Table table,
      SeriesColumns columns,
      SourceSplit split,
      boolean beyond)
      throws IOException {
    DataFile file = DataFiles.one(hadoop, split.file());
    boolean whole = TextFiles.isWhole(split);
    long end = beyond ? Long.MAX_VALUE - 1 : split.to();
    InputStream in =
        table
            .encoding()
            .utf8(
                whole
                    ? file.openContent(hadoop).in()
                    : LineRange.of(
                        file.openRaw(hadoop, LineRange.start(split.from())), split.from(), end));
    try {
      var rows =
          new SeriesRows(
              table, columns, new CsvRows(in, table.encoding(), table.delimiter()), split.file());
      if (split.from() == 0 && table.header()) {
        rows.skipHeader();
      }
      return rows;
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  private void skipHeader() {
    if (rows.next() && !rows.values().equals(columns.header())) {
      problem("", CsvHeader.other(rows.values(), columns.header()));
    }
  }

  /** Moves to the next row; false at the end, or at a problem. */
  boolean next() {
    if (!problems.isEmpty() || !rows.next()) {
      return false;
    }
    if (rows.size() != columns.header().size()) {
      problem(
          "",
          "%,d values, but there are %,d columns. %s"
              .formatted(
                  rows.size(),
                  columns.header().size(),
                  rows.size() < columns.header().size()
                      ? "Fill in what is missing."
                      : "Quote values that contain the delimiter."));
      return false;
    }
    return true;
  }

  /** The name of the row's series; that of the file if each file is a series. */
  String series() {
    if (columns.series() < 0) {
      return file;
    }
    String name = rows.value(columns.series());
    if (name.isEmpty()) {
      problem(columns.describe(columns.series()), "empty, where the name of a series must be.");
    }
    return name;
  }

  /** The row's time; NaN if there is a problem with it, 0 if there is no column of times. */
  double time() {
    if (columns.time().length == 0) {
      return 0;
    }
    String text = columns.time(rows);
    double time = times.parse(text);
    if (Double.isNaN(time)) {
      problem(
          columns.describe(columns.time()[0]),
          table.timeFormat().isEmpty()
              ? "'%s' is no date or time of ISO 8601 (2024-01-31, 2024-01-31T18:00:00) and no number."
                      .formatted(text)
                  + " Say how it is written with timeFormat, such as dd.MM.yyyy."
              : "'%s' is not written as timeFormat says, '%s'."
                  .formatted(text, table.timeFormat()));
    }
    return time;
  }

  /** The row's time as it is written. */
  String timeText() {
    return columns.time().length == 0 ? "" : columns.time(rows);
  }

  /** Begins to read the row's numbers. */
  void beginRow() {
    complete = true;
  }

  /** The number in a column; NaN if it is missing, which makes the row incomplete. */
  double number(int column) {
    double number = rows.number(column);
    if (Float.isFinite((float) number) && missing.areWords()) {
      return number;
    }
    String value = rows.value(column);
    if (missing.contains(value, number)) {
      complete = false;
      return Double.NaN;
    }
    if (Float.isFinite((float) number)) {
      return number;
    }
    problem(
        columns.describe(column),
        Double.isNaN(number)
            ? "'%s' is not a number. Mend the value, say with missingValues that it is missing, or"
                    .formatted(value)
                + " choose other columns (features, targets, known)."
            : value + " is too large for a 32-bit number. Scale the column.");
    return Double.NaN;
  }

  /** Whether no number of the row was missing. */
  boolean isComplete() {
    return complete;
  }

  void missing(int column) {
    String value = rows.value(column);
    problem(
        columns.describe(column),
        "%s, where a number must be. Mend the row, or leave out what is missing with missing: skip."
            .formatted(value.isEmpty() ? "empty" : "'" + value + "'"));
  }

  void problem(String column, String message) {
    problems.putIfAbsent(column, new SplitReport.Problem(rows.line(), column, message));
  }

  String describeTime() {
    return columns.describe(columns.time()[0]);
  }

  /** Reads to the end, to know how many lines there are. */
  void skipRest() {
    boolean more = true;
    while (more) {
      more = rows.next();
    }
  }

  /** The text in a column. */
  String text(int column) {
    return rows.value(column);
  }

  /** Lines read so far. */
  long lines() {
    return rows.lines();
  }

  long openQuote() {
    return rows.openQuote();
  }

  boolean hasProblem() {
    return !problems.isEmpty() || rows.problem() != null;
  }

  java.util.List<SplitReport.Problem> problems() {
    var all = new java.util.ArrayList<>(problems.values());
    if (rows.problem() != null) {
      all.add(rows.problem());
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
