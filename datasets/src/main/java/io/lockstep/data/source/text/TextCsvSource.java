package io.lockstep.data.source.text;

import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvColumns;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.csv.PassedColumns;
import io.lockstep.data.text.TextLayout;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Texts in one column of a table as CSV or TSV, and their classes in another.
 *
 * <p>The table is read as {@link CsvSource} reads one: quoted texts may hold delimiters and line
 * breaks. An empty text is an error with file and line.
 *
 * @param path of the file, folder or glob
 * @param table how the table is to be understood: its one feature is the text
 * @param encoding of the files
 * @param text how texts become tokens
 * @param badRecords what becomes of rows that cannot be used
 * @param how it is read to be scored
 */
public record TextCsvSource(
    String path,
    CsvOptions table,
    TextEncoding encoding,
    TextOptions text,
    BadRecords badRecords,
    ToScore how)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  public TextCsvSource {
    if (table.features().size() != 1 || table.labelKind() != CsvOptions.LabelKind.CLASS) {
      throw new IllegalArgumentException("one text and one class, not " + table);
    }
  }

  /** A table in which a row that cannot be used is an error. */
  public TextCsvSource(String path, CsvOptions table, TextEncoding encoding, TextOptions text) {
    this(path, table, encoding, text, BadRecords.FAIL, ToScore.NOT);
  }

  /** A table that is not to be scored. */
  public TextCsvSource(
      String path,
      CsvOptions table,
      TextEncoding encoding,
      TextOptions text,
      BadRecords badRecords) {
    this(path, table, encoding, text, badRecords, ToScore.NOT);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    CsvColumns all = CsvSource.columns(hadoop, files.get(0), table, encoding);
    CsvColumns columns = how.on() ? all.toScore(how) : all;
    return new SourceLayout(
            TextFiles.splits(hadoop, files, encoding, splitBytes),
            columns.labelled() ? TextFiles.LABELLED : TextFiles.PLAIN,
            columns.header(),
            columns.names(columns.features()),
            columns.names(columns.labels()),
            files.stream().mapToLong(DataFile::length).sum(),
            new TextLayout(text, List.of()),
            null)
        .passing(PassedColumns.of(columns, how).names());
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    var all = new CsvColumns(split.file(), table, layout.header());
    return TextCsvReader.open(
        hadoop, layout.schema().labels().isEmpty() ? all.withoutLabels() : all, split, this);
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    var problems = new CsvProblems(layout, reports, "line");
    Settlement again = problems.readAgain();
    if (again != null) {
      return again;
    }
    problems.check();
    TextFiles.checkAny(path, layout, reports);
    if (layout.schema().labels().isEmpty()) { // to be scored
      return Settled.of(layout, reports, new Labels.Targets(List.of("unknown")), false);
    }
    return new ClassNames(path, layout.targets().get(0), table.classes(), reports).settle(layout);
  }

  @Override
  public TextCsvSource like(Labels known, List<String> columns) {
    CsvOptions same =
        table.header() && columns.size() == 1 ? table.withFeatures(columns.get(0)) : table;
    return new TextCsvSource(
        path,
        known instanceof Labels.Classes ? same.withClasses(known.names()) : same,
        encoding,
        text,
        badRecords,
        how);
  }

  @Override
  public TextCsvSource preparedLike(TextOptions other) {
    return new TextCsvSource(path, table, encoding, other, badRecords, how);
  }

  @Override
  public TextCsvSource withBadRecords(BadRecords policy) {
    return new TextCsvSource(path, table, encoding, text, policy, how);
  }

  @Override
  public TextCsvSource toScore(ToScore other) {
    return new TextCsvSource(path, table, encoding, text, badRecords, other);
  }

  @Override
  public Optional<ExampleSource> at(String other) {
    return Optional.of(new TextCsvSource(other, table, encoding, text, badRecords, how));
  }

  @Override
  public String name() {
    return path;
  }
}
