package io.lockstep.data.source.csv;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SkippedRecord;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Makes blocks of rows that a program hands over, as {@link CsvReader} does of text.
 *
 * @param <T> rows
 */
final class RowReader<T> implements SplitReader {
  private static final int BLOCK_BYTES = 4 << 20;

  private final RowTable table;
  private final CsvColumns columns;
  private final Schema schema;
  private final Iterator<T> rows;
  private final RowTable.Cells<T> raw; // as they are passed through
  private final ToScore how;
  private final int[] passedColumns;
  private final RowValues<T> values;
  private final List<RowFlaw> flaws = new ArrayList<>(); // of the row that is read
  private final Map<Integer, WordIds> words = new TreeMap<>(); // of columns of the table
  private final List<LabelIds> ids = new ArrayList<>(); // of each output, null if it has numbers
  private final boolean weighted;
  private final Range[] labelRanges;
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();
  private final SkippedRecords.Tally tally = new SkippedRecords.Tally();
  private final MessageDigest digest = Sha256.digest();
  private List<Object[]> passed = List.of();
  private List<SkippedRecord> skipped = new ArrayList<>();
  private long line; // rows
  private long read; // examples
  private long steps; // of all sequences
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;
  private boolean whole = true;

  RowReader(
      CsvColumns columns,
      RowTable table,
      Schema schema,
      Iterator<T> rows,
      RowTable.Cells<T> cells,
      RowTable.Cells<T> raw) {
    this.columns = columns;
    this.table = table;
    this.how = table.how();
    this.raw = raw;
    passedColumns = table.passed().numbers();
    this.schema = schema;
    this.rows = rows;
    CsvOptions options = columns.options();
    Column[] said = columns.said();
    for (int column : columns.features()) {
      if (said[column] != null && said[column].content() instanceof Column.Words known) {
        words.put(column, how.on() ? WordIds.known(known.known()) : WordIds.found());
      }
    }
    for (int output = 0; output < columns.outputs().size(); output++) {
      boolean labelled = options.labelKinds().get(output) == CsvOptions.LabelKind.CLASS;
      ids.add(labelled ? CsvReader.ids(options.allClasses().get(output), how) : null);
    }
    values = new RowValues<>(table, columns, said, cells, words, ids, flaws);
    weighted = columns.weight() >= 0;
    labelRanges = new Range[columns.outputs().size()];
    Arrays.fill(labelRanges, Range.NONE);
  }

  @Override
  public Optional<Block> next() {
    while (rows.hasNext()) {
      var builder = new BlockBuilder(schema, 1024);
      passed = new ArrayList<>();
      int most = how.rows(1 << 16);
      while (rows.hasNext()
          && builder.bytes() < BLOCK_BYTES
          && builder.size() + skipped.size() < most) {
        add(builder, rows.next());
      }
      if (problems.isEmpty() && (builder.size() > 0 || !skipped.isEmpty())) {
        Block block = builder.build();
        block.update(digest);
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  private void add(BlockBuilder builder, T row) {
    line++;
    flaws.clear();
    if (values.isUnwanted(row)) {
      leaveOut(row, flaws.get(0));
      return;
    }
    values.read(row);
    if (!flaws.isEmpty()) {
      boolean alone = flaws.stream().allMatch(flaw -> flaw.fault() != null);
      if (table.badRecords() == BadRecords.SKIP && alone) {
        leaveOut(row, flaws.get(0));
      } else {
        flaws.forEach(flaw -> problem(row, flaw));
      }
      return;
    }
    if (problems.isEmpty()) {
      put(builder);
      pass(row);
    }
  }

  /** The first problem of each column is kept. */
  private void problem(T row, RowFlaw flaw) {
    String name = flaw.column() < 0 ? "" : columns.describe(flaw.column());
    problems.putIfAbsent(
        name, new SplitReport.Problem(line, name, flaw.message() + values.whose(row)));
  }

  private void leaveOut(T row, RowFlaw flaw) {
    String column = flaw.column() < 0 ? "" : columns.describe(flaw.column());
    var place =
        new SkippedRecords.Place(
            "",
            line,
            flaw.fault(),
            column.isEmpty() ? flaw.message() : "column " + column + ": " + flaw.message());
    tally.add(place);
    if (how.skipped()) {
      skipped.add(new SkippedRecord(place, String.valueOf(row)));
    }
  }

  private void put(BlockBuilder builder) {
    builder.begin(read++);
    if (weighted) {
      builder.weight(values.weight());
    }
    int fields = schema.inputs().size();
    for (int input = 0; input < fields; input++) {
      RowValues.Doubles numbers = values.input(input);
      for (int i = 0; i < numbers.size(); i++) {
        builder.put(input, seen(numbers.at(i)));
      }
      if (schema.inputs().get(input).sequence()) {
        CsvOptions.Masking masking = columns.options().masking();
        steps += masking.on() ? builder.leaveOut(input, masking.value()) : builder.steps(input);
      }
    }
    for (int output = 0; output < ids.size(); output++) {
      if (ids.get(output) != null) {
        builder.put(fields + output, values.label(output));
        continue;
      }
      RowValues.Doubles numbers = values.target(output);
      for (int i = 0; i < numbers.size(); i++) {
        labelRanges[output] = labelRanges[output].with(numbers.at(i));
        builder.put(fields + output, numbers.at(i));
      }
    }
    builder.end();
  }

  private double seen(double value) {
    if (!Double.isNaN(value)) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      whole &= value == Math.rint(value);
    }
    return value;
  }

  private void pass(T row) {
    if (how.on()) {
      Object[] kept = new Object[passedColumns.length];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = raw.cell(row, passedColumns[i]);
      }
      passed.add(kept);
    }
  }

  @Override
  public List<Object[]> passed() {
    return passed;
  }

  @Override
  public List<SkippedRecord> skipped() {
    List<SkippedRecord> taken = skipped;
    skipped = new ArrayList<>();
    return taken;
  }

  @Override
  public SplitReport report() {
    return new SplitReport(
            read,
            line,
            steps,
            LabelIds.found(ids, labelRanges),
            new Range(smallest, largest, whole),
            Sha256.hex(digest),
            0,
            OptionalLong.empty(),
            List.copyOf(problems.values()))
        .with(tally.counted())
        .withWords(found());
  }

  /** The words of each feature, where there are any. */
  private List<List<String>> found() {
    List<List<String>> found = new ArrayList<>();
    for (int column : words.isEmpty() || how.on() ? new int[0] : columns.features()) {
      for (int i = 0; i < table.widths().get(column); i++) {
        found.add(words.containsKey(column) ? words.get(column).names() : List.of());
      }
    }
    return found;
  }

  @Override
  public void close() {}
}
