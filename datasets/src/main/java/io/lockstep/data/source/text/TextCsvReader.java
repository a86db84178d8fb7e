package io.lockstep.data.source.text;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.csv.CsvColumns;
import io.lockstep.data.source.csv.CsvHeader;
import io.lockstep.data.source.csv.CsvRows;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;

/** Reads the texts and classes of the rows that begin in one split of a table. */
final class TextCsvReader extends TextReader {
  private final CsvColumns columns;
  private final CsvRows rows;
  private final int text;
  private final int label;
  private final LabelIds ids;

  private TextCsvReader(CsvColumns columns, CsvRows rows, TextOptions options) {
    super(TextFiles.LABELLED, options);
    this.columns = columns;
    this.rows = rows;
    text = columns.features()[0];
    label = columns.labels()[0];
    ids = new LabelIds(columns.options().classes());
  }

  static TextCsvReader open(
      Configuration hadoop,
      CsvColumns columns,
      SourceSplit split,
      TextEncoding encoding,
      TextOptions options)
      throws IOException {
    DataFile file = DataFiles.one(hadoop, split.file());
    InputStream in = TextFiles.open(hadoop, file, split);
    try {
      var rows = new CsvRows(encoding.utf8(in), columns.options());
      var reader = new TextCsvReader(columns, rows, options);
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
    if (rows.next() && !rows.values().equals(columns.header())) {
      problem(rows.line(), "", CsvHeader.other(rows.values(), columns.header()));
    }
  }

  @Override
  boolean read() {
    if (!rows.next()) {
      if (rows.problem() != null) {
        problem(rows.problem());
      }
      return false;
    }
    int wanted = columns.header().size();
    if (rows.size() != wanted) {
      problem(
          rows.line(),
          "",
          String.format(
              Locale.ROOT,
              "%,d values, but %s has %,d columns. %s",
              rows.size(),
              columns.options().header() ? "the header" : "the first line",
              wanted,
              rows.size() < wanted
                  ? "Fill in what is missing."
                  : "Quote texts that contain the delimiter."));
      return false;
    }
    String name = rows.value(label);
    String wrong = ids.problem(name);
    if (wrong != null) {
      problem(rows.line(), columns.describe(label), wrong);
      return false;
    }
    String empty = add(rows.value(text), ids.id(name));
    if (empty != null) {
      problem(rows.line(), columns.describe(text), empty);
    }
    return empty == null;
  }

  @Override
  long lines() {
    return rows.lines();
  }

  @Override
  List<String> classes() {
    return ids.names();
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
