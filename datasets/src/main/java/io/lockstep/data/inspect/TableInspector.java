package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.ForeignFormat;
import io.lockstep.data.file.Packing;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.csv.CsvRows;
import io.lockstep.data.text.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Looks at a table: its columns, and what stands in them. */
final class TableInspector {
  private final Configuration hadoop;
  private final Inspector.Hints hints;

  TableInspector(Configuration hadoop, Inspector.Hints hints) {
    this.hadoop = hadoop;
    this.hints = hints;
  }

  /** A file, or part files that are one table. */
  Inspection table(String path) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    TableLook look = look(files.get(0));
    char delimiter = look.delimiter();
    boolean header = hints.header().orElseGet(look::header);
    var found = new Found(path, header);
    for (DataFile file : files) {
      try (DataFile.Content content = file.openContent(hadoop);
          var rows = new CsvRows(content.in(), delimiter)) {
        found.add(file, rows, hints.badRecords());
      }
    }
    return found.table(delimiter);
  }

  /** The beginning of a file, looked at. */
  TableLook look(DataFile file) throws IOException {
    byte[] start;
    try (DataFile.Content content = file.openContent(hadoop)) {
      start = content.in().readNBytes(TableLook.BYTES);
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
    Optional<String> foreign = ForeignFormat.of(start);
    if (foreign.isPresent()) {
      throw new InputException(file.name() + ": " + foreign.get());
    }
    return TableLook.at(file.name(), start, hints.delimiter(), hints.badRecords());
  }

  static CsvOptions options(char delimiter, boolean header) {
    CsvOptions options = CsvOptions.classes("0").withDelimiter(delimiter);
    return header ? options : options.withoutHeader();
  }

  /** What was found so far. */
  private static final class Found {
    private final String path;
    private final boolean header;
    private final List<Tally> tallies = new ArrayList<>();
    private final SkippedRecords.Tally skipped = new SkippedRecords.Tally();
    private List<String> names; // of the columns; null before the first row
    private long examples;

    Found(String path, boolean header) {
      this.path = path;
      this.header = header;
    }

    void add(DataFile file, CsvRows rows, BadRecords badRecords) {
      boolean first = true;
      while (rows.next() || rows.problem() != null) {
        if (rows.problem() != null) {
          bad(file, rows.fault(), rows.problem(), first && header ? BadRecords.FAIL : badRecords);
          rows.pass();
          continue;
        }
        if (names == null) {
          names = header ? rows.values() : Labels.Classes.numbered(rows.size()).names();
          names.forEach(name -> tallies.add(new Tally()));
        }
        if (rows.size() != names.size()) {
          var size = "%,d values, but there are %,d columns.".formatted(rows.size(), names.size());
          var problem = new SplitReport.Problem(rows.line(), "", size);
          bad(file, Optional.of(Fault.COLUMNS), problem, badRecords);
        } else if (!(first && header)) {
          examples++;
          for (int column = 0; column < names.size(); column++) {
            tallies.get(column).add(rows.value(column));
          }
        }
        first = false;
      }
      if (rows.openQuote() != 0) {
        throw new InputException(CsvProblems.openQuote(file.name(), rows.openQuote()));
      }
    }

    private void bad(
        DataFile file, Optional<Fault> fault, SplitReport.Problem problem, BadRecords policy) {
      if (policy == BadRecords.FAIL || fault.isEmpty()) {
        throw new InputException(CsvProblems.text(file.name(), "line", 0, problem));
      }
      skipped.add(
          new SkippedRecords.Place(file.name(), problem.line(), fault.get(), problem.message()));
    }

    Inspection.Table table(char delimiter) {
      if (names == null) {
        throw new InputException(path + ": is empty.");
      }
      List<Inspection.Column> columns = new ArrayList<>();
      for (int column = 0; column < names.size(); column++) {
        columns.add(tallies.get(column).column(names.get(column)));
      }
      return new Inspection.Table(path, examples, delimiter, header, columns, skipped.counted());
    }
  }

  /** What is seen of one column. */
  private static final class Tally {
    private static final int FEW = 20;
    private static final Tokenizer WORDS =
        new Tokenizer(Tokenizer.Unit.WORD, Tokenizer.Standardize.NONE, Tokenizer.Unicode.NONE);

    private final Spread range = new Spread();
    private final Map<String, Long> values = new TreeMap<>();
    private long texts;
    private long empty;
    private boolean many;
    private int mostWords;

    void add(String value) {
      if (value.isEmpty()) {
        empty++;
      } else if (Numbers.isNumber(value)) {
        range.add(Double.parseDouble(value));
      } else {
        texts++;
        mostWords = Math.max(mostWords, WORDS.count(WORDS.standardized(value)));
      }
      if (!many && !value.isEmpty()) {
        values.merge(value, 1L, Long::sum);
        many = values.size() > FEW;
      }
    }

    Inspection.Column column(String name) {
      Optional<Inspection.Histogram> few =
          many || values.values().stream().allMatch(count -> count == 1)
              ? Optional.empty()
              : Optional.of(
                  new Inspection.Histogram(
                      List.copyOf(values.keySet()), List.copyOf(values.values())));
      return new Inspection.Column(
          name,
          range.count(),
          texts,
          empty,
          range.smallest(),
          range.largest(),
          range.mean(),
          mostWords,
          few);
    }
  }
}
