package io.lockstep.data.source.csv;

import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples from a table as CSV, plain or packed: one a line, in a file, in the part files of a
 * folder, or in all files that a glob matches.
 *
 * <p>Strict on purpose: a row with too few or too many values, an empty value, NaN or text in a
 * number column, or a label that is not among the classes is an error with file and line, unless
 * such rows are to be left out, or the options say of a column that it holds words, or what becomes
 * of what is missing. Lines of blanks are no examples. Numbers are read in double precision.
 *
 * <p>Plain files are read in ranges of bytes that end with a line. Values may hold line breaks;
 * where one stands at the edge of a range, the quote that is open there gives it away, and the file
 * is read as a whole instead. A file in UTF-16, or in another encoding in which the byte of a line
 * feed may be half a character, is read as a whole as well.
 *
 * @param path of the file, folder or glob
 * @param options how to understand it
 * @param badRecords what becomes of rows that cannot be used
 * @param how it is read to be scored
 */
public record CsvSource(String path, CsvOptions options, BadRecords badRecords, ToScore how)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** A table in which a row that cannot be used is an error. */
  public CsvSource(String path, CsvOptions options) {
    this(path, options, BadRecords.FAIL, ToScore.NOT);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    CsvColumns columns = null; // of the first file
    List<SourceSplit> splits = new ArrayList<>();
    long bytes = 0;
    for (DataFile file : files) {
      bytes += file.length();
      TableFile table = TableFile.of(hadoop, file, options.dialect());
      CsvHeader.Found first =
          columns == null || options.dialect().skip() > 0 || table.commented()
              ? table.first(hadoop, options.header())
              : null;
      if (columns == null) {
        columns = columns(file, first);
      }
      long step = table.whole() ? Long.MAX_VALUE : splitBytes;
      long end = table.whole() ? Long.MAX_VALUE : Math.max(1, file.length());
      long least = first == null || table.whole() ? 1 : Math.min(end, first.position() + 1);
      for (long from = 0; from < end; ) {
        long to = from + Math.min(from == 0 ? Math.max(step, least) : step, end - from);
        splits.add(new SourceSplit(splits.size(), file.name(), from, to));
        from = to;
      }
    }
    return new SourceLayout(
            splits,
            columns.schema(),
            columns.header(),
            columns.names(columns.features()),
            columns.names(columns.labels()),
            bytes)
        .encoding(columns.kinds())
        .passing(PassedColumns.of(columns, how).names());
  }

  private CsvColumns columns(DataFile file, CsvHeader.Found first) {
    if (options.header()) {
      CsvHeader.check(file.name(), first.names());
    }
    var all = new CsvColumns(file.name(), options, first.names());
    return how.on() ? all.toScore(how) : all;
  }

  /** The columns of a table, by its first line. */
  public static CsvColumns columns(
      Configuration hadoop, DataFile file, CsvOptions options, TextEncoding encoding)
      throws IOException {
    List<String> header =
        CsvHeader.find(hadoop, file, encoding, options.dialect(), options.header()).names();
    if (options.header()) {
      CsvHeader.check(file.name(), header);
    }
    return new CsvColumns(file.name(), options, header);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    var all = new CsvColumns(split.file(), options, layout.header());
    return CsvReader.open(
        hadoop,
        DataFiles.one(hadoop, split.file()),
        layout.schema().labels().isEmpty() ? all.withoutLabels() : all,
        layout.schema(),
        split,
        this);
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    var problems = new CsvProblems(layout, reports, "line");
    Settlement again = problems.readAgain();
    if (again != null) {
      return again;
    }
    problems.check();
    return TableSettlement.of(path, options, layout, reports);
  }

  @Override
  public CsvSource like(Labels known, List<String> columns) {
    return with(options.like(known, columns));
  }

  @Override
  public CsvSource withColumns(ColumnRules rules) {
    return with(options.with(rules));
  }

  @Override
  public boolean normalizes(String input) {
    return options.normalizes(input);
  }

  @Override
  public CsvSource masked(double value) {
    return with(options.masked(value));
  }

  /** The same with the weights of examples in a column. */
  public CsvSource weighted(CsvOptions.Weight column) {
    return with(options.withWeight(column));
  }

  private CsvSource with(CsvOptions others) {
    return new CsvSource(path, others, badRecords, how);
  }

  @Override
  public CsvSource withBadRecords(BadRecords policy) {
    return new CsvSource(path, options, policy, how);
  }

  @Override
  public CsvSource toScore(ToScore other) {
    return new CsvSource(path, options, badRecords, other);
  }

  @Override
  public String name() {
    return path;
  }
}
