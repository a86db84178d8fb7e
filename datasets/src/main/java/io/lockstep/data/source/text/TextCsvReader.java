package io.lockstep.data.source.text;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvColumns;
import io.lockstep.data.source.csv.CsvHeader;
import io.lockstep.data.source.csv.CsvRows;
import io.lockstep.data.source.csv.PassedColumns;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;

/** Reads the texts and classes of the rows that begin in one split of a table. */
final class TextCsvReader extends TextReader {
  private final CsvColumns columns;
  private final CsvRows rows;
  private final int text;
  private final int label; // -1 if there is none
  private final int[] passed;

  private TextCsvReader(CsvColumns columns, CsvRows rows, TextCsvSource source, BytesRead bytes) {
    super(
        source.text(),
        columns.options().classes(),
        source.badRecords(),
        source.how(),
        columns.labelled(),
        bytes);
    this.columns = columns;
    this.rows = rows;
    text = columns.features()[0];
    label = columns.labelled() ? columns.labels()[0] : -1;
    passed = PassedColumns.of(columns, source.how()).numbers();
  }

  static TextCsvReader open(
      Configuration hadoop, CsvColumns columns, SourceSplit split, TextCsvSource source)
      throws IOException {
    var bytes = new BytesRead();
    DataFile file = DataFiles.one(hadoop, split.file());
    InputStream in = TextFiles.open(hadoop, file, split);
    try {
      TextEncoding encoding = source.encoding();
      var rows = new CsvRows(encoding.utf8(in), encoding, columns.options().dialect());
      var reader = new TextCsvReader(columns, rows, source, bytes);
      if (split.from() == 0 && columns.options().header()) {
        reader.skipHeader();
      }
      return reader;
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** The header of each of several files must be that of the first. */
  private void skipHeader() {
    if (!rows.next()) {
      if (rows.problem() != null) {
        problem(rows.problem());
      }
    } else if (!rows.values().equals(columns.header())) {
      String other = CsvHeader.other(rows.values(), columns.header());
      problem(new SplitReport.Problem(rows.line(), "", other));
    }
  }

  @Override
  boolean read() {
    if (!rows.next()) {
      return passed(rows.problem(), rows.fault(), rows::pass);
    }
    String ofLabel = label < 0 ? "" : columns.describe(label);
    var place = new Place("", rows.line(), ofLabel, columns.describe(text));
    return rows.size() == columns.header().size()
        ? add(place, label < 0 ? "" : rows.value(label), rows.value(text))
        : bad(Optional.of(Fault.COLUMNS), place, "", columns.wrongSize(rows.size(), "texts"));
  }

  @Override
  Object[] record() {
    Object[] values = new Object[passed.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.value(passed[i]);
    }
    return values;
  }

  @Override
  String text() {
    return rows.text();
  }

  @Override
  long lines() {
    return rows.lines();
  }

  @Override
  OptionalLong openQuote() {
    return rows.openQuote() == 0 ? OptionalLong.empty() : OptionalLong.of(rows.openQuote());
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
