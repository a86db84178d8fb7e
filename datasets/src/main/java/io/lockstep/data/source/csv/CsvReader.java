package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SkippedRecord;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the lines of a table that begin in one split.
 *
 * <p>The first problem of each column is kept, and the split is read to its end for the others; but
 * no more blocks come after one.
 */
final class CsvReader implements SplitReader {
  private static final int BLOCK_BYTES = 4 << 20;

  private final CsvColumns columns;
  private final CsvOptions options;
  private final Schema schema;
  private final CsvRows rows;
  private final MissingValues missing;
  private final Column[] said; // of each column of the table; null where nothing is
  private final Map<Integer, WordIds> words = new TreeMap<>(); // of columns of the table
  private final Map<Integer, TableDates> dates = new TreeMap<>(); // of columns of the table
  private final List<int[]> inputs;
  private final List<int[]> outputs;
  private final int weight;
  private final List<LabelIds> ids = new ArrayList<>(); // of each output, null if it has numbers
  private final Range[] labelRanges;
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();
  private final MessageDigest digest = Sha256.digest();
  private final BytesRead bytes;
  private final BadRecords badRecords;
  private final ToScore how;
  private final int[] passedColumns;
  private final SkippedRecords.Tally tally = new SkippedRecords.Tally();
  private List<Object[]> passed = List.of();
  private List<SkippedRecord> skipped = new ArrayList<>();
  private long read; // examples
  private long steps; // that are there, of padded sequences
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;
  private boolean whole = true;
  private boolean ended;

  private CsvReader(
      CsvColumns columns, Schema schema, CsvRows rows, BytesRead bytes, CsvSource source) {
    badRecords = source.badRecords();
    how = source.how();
    passedColumns = PassedColumns.of(columns, how).numbers();
    this.columns = columns;
    this.options = columns.options();
    this.schema = schema;
    this.rows = rows;
    missing = new MissingValues(options.dialect().missing());
    this.bytes = bytes;
    inputs = columns.inputs();
    outputs = columns.outputs();
    said = columns.said();
    for (int[] input : inputs) {
      for (int column : input) {
        if (said[column] != null && said[column].content() instanceof Column.Words known) {
          words.put(column, how.on() ? WordIds.known(known.known()) : WordIds.found());
        }
        if (said[column] != null && said[column].content() instanceof Column.Dates known) {
          dates.put(column, TableDates.of(known.format()));
        }
      }
    }
    weight = columns.weight();
    for (int output = 0; output < outputs.size(); output++) {
      boolean classes = options.labelKinds().get(output) == CsvOptions.LabelKind.CLASS;
      ids.add(classes ? ids(options.allClasses().get(output), how) : null);
    }
    labelRanges = new Range[outputs.size()];
    Arrays.fill(labelRanges, Range.NONE);
    options.inputs().stream()
        .filter(TableInput::sequence)
        .findFirst()
        .ifPresent(
            input -> {
              throw new InputException(
                  "input %s: cells of a text file are no arrays; give a shape instead of a sequence"
                      .formatted(input.name()));
            });
  }

  /** Ids of classes: those of a split, or where examples are to be scored those of training. */
  static LabelIds ids(List<String> classes, ToScore how) {
    return how.on() ? LabelIds.positions(classes) : new LabelIds(classes, ClassNames.tooMany());
  }

  static CsvReader open(
      Configuration hadoop,
      DataFile file,
      CsvColumns columns,
      Schema schema,
      SourceSplit split,
      CsvSource source)
      throws IOException {
    var bytes = new BytesRead();
    CsvRows rows =
        TableFile.of(hadoop, file, columns.options().dialect(), split).rows(hadoop, split);
    try {
      var reader = new CsvReader(columns, schema, rows, bytes, source);
      if (split.from() == 0 && columns.options().header()) {
        reader.skipHeader();
      }
      return reader;
    } catch (RuntimeException e) {
      try (rows) {
        throw e;
      }
    }
  }

  /** The header of each of several files must be that of the first. */
  private void skipHeader() {
    if (rows.next() && !rows.values().equals(columns.header())) {
      add(rows.line(), "", CsvHeader.other(rows.values(), columns.header()));
      ended = true; // its columns are others, so nothing more can be said of it
    }
  }

  @Override
  public Optional<Block> next() {
    if (ended) {
      return Optional.empty();
    }
    var builder = new BlockBuilder(schema, 1024);
    passed = new ArrayList<>();
    int most = how.rows(1 << 16);
    while (builder.bytes() < BLOCK_BYTES && builder.size() + skipped.size() < most) {
      if (!rows.next()) {
        if (!isPassedOver()) {
          ended = true;
          break;
        }
      } else if (!isWhole()) {
        wrongSize();
      } else if (isWanted() && (badRecords == BadRecords.FAIL || isGood())) {
        add(builder);
      }
    }
    boolean nothing = builder.size() == 0 && skipped.isEmpty();
    if (!problems.isEmpty() || nothing) {
      return ended ? Optional.empty() : next();
    }
    Block block = builder.build();
    block.update(digest);
    return Optional.of(block);
  }

  /** Whether what the rows stopped at was wrong with one row alone, and that is left out. */
  private boolean isPassedOver() {
    Optional<Fault> fault = rows.fault();
    if (badRecords == BadRecords.FAIL || fault.isEmpty()) {
      return false;
    }
    leaveOut(rows.problem().line(), fault.get(), "", rows.problem().message());
    rows.pass();
    return true;
  }

  /** Whether the row has a value for each column, if need be by what the dialect allows. */
  private boolean isWhole() {
    int width = columns.header().size();
    if (rows.size() != width && options.dialect().ragged()) {
      rows.resize(width);
    }
    return rows.size() == width;
  }

  /** Whether nothing is missing without which a row is to be left out; if so, it is. */
  private boolean isWanted() {
    for (int column = 0; column < said.length; column++) {
      if (said[column] != null
          && said[column].gap().missing() == Column.Missing.DROP
          && isUsed(column)
          && isMissing(column)) {
        leaveOut(rows.line(), Fault.MISSING, columns.describe(column), "the value is missing.");
        return false;
      }
    }
    return true;
  }

  private boolean isUsed(int column) {
    return isLabel(column)
        || inputs.stream().flatMapToInt(IntStream::of).anyMatch(input -> input == column);
  }

  private boolean isMissing(int column) {
    return missing.contains(
        rows.value(column), missing.areWords() ? Double.NaN : rows.number(column));
  }

  private void wrongSize() {
    String message =
        columns.wrongSize(rows.size(), "values")
            + (rows.size() < columns.header().size()
                ? " With ragged: true the last columns are missing in it."
                : " With ragged: true empty values at its end are none.");
    if (badRecords == BadRecords.SKIP) {
      leaveOut(rows.line(), Fault.COLUMNS, "", message);
    } else {
      add(rows.line(), "", message);
    }
  }

  /** Leaves a row out: the current one, or that at which the rows stopped. */
  private void leaveOut(long line, Fault fault, String column, String message) {
    var place =
        new SkippedRecords.Place(
            "", line, fault, column.isEmpty() ? message : "column " + column + ": " + message);
    tally.add(place);
    if (how.skipped()) {
      skipped.add(new SkippedRecord(place, rows.text()));
    }
  }

  /** Whether nothing is wrong with this row; if something is, it is left out. */
  private boolean isGood() {
    for (int[] input : inputs) {
      for (int column : input) {
        if (!isFilled(column) && !hasNumber(column)) {
          return false;
        }
      }
    }
    if (weight >= 0 && !hasNumber(weight)) {
      return false;
    }
    if (weight >= 0 && rows.number(weight) < 0) {
      leaveOut(rows.line(), Fault.NO_NUMBER, columns.describe(weight), negative());
      return false;
    }
    for (int output = 0; output < outputs.size(); output++) {
      if (ids.get(output) == null) {
        for (int column : outputs.get(output)) {
          if (!hasNumber(column)) {
            return false;
          }
        }
        continue;
      }
      int column = outputs.get(output)[0];
      String name = word(column);
      String problem = ids.get(output).problem(name);
      Optional<Fault> fault = ids.get(output).fault(name);
      if (problem != null && fault.isPresent()) {
        leaveOut(rows.line(), fault.get(), columns.describe(column), problem);
        return false;
      }
    }
    return hasSteps();
  }

  /** Whether a time step is there, if some may be masked. */
  private boolean hasSteps() {
    if (!options.masking().on()) {
      return true;
    }
    for (int[] input : inputs) {
      boolean there =
          IntStream.of(input)
              .anyMatch(it -> (float) rows.number(it) != (float) options.masking().value());
      if (!there) {
        leaveOut(rows.line(), Fault.EMPTY, "", options.masking().nothing());
        return false;
      }
    }
    return true;
  }

  /** Whether a feature needs no number: it is a word, or may be missing and is. */
  private boolean isFilled(int column) {
    return said[column] != null
        && (isMissing(column) ? said[column].gap().filled() : words.containsKey(column));
  }

  private boolean hasNumber(int column) {
    double number = numberOf(column);
    if (Float.isFinite((float) number)) {
      return true;
    }
    leaveOut(rows.line(), Fault.NO_NUMBER, columns.describe(column), wrong(column, number));
    return false;
  }

  private String negative() {
    return "%s is not a weight, which is 0 or more.".formatted(shortened(rows.value(weight)));
  }

  private void add(BlockBuilder builder) {
    if (!problems.isEmpty()) {
      look();
      return;
    }
    builder.begin(read);
    if (weight >= 0) {
      builder.weight(weight());
    }
    for (int input = 0; input < inputs.size(); input++) {
      for (int column : inputs.get(input)) {
        double value = raw(column);
        if (!Double.isNaN(value)) {
          smallest = Math.min(smallest, value);
          largest = Math.max(largest, value);
          whole &= value == Math.rint(value);
        }
        builder.put(input, value);
      }
      leaveOut(input, builder);
    }
    for (int output = 0; output < outputs.size(); output++) {
      int to = inputs.size() + output;
      if (ids.get(output) != null) {
        builder.put(to, label(output));
        continue;
      }
      for (int column : outputs.get(output)) {
        double value = number(column);
        labelRanges[output] = labelRanges[output].with(value);
        builder.put(to, value);
      }
    }
    builder.end();
    read++;
    if (how.on()) {
      Object[] values = new Object[passedColumns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.value(passedColumns[i]);
      }
      passed.add(values);
    }
  }

  private void leaveOut(int input, BlockBuilder builder) {
    if (!options.masking().on()) {
      return;
    }
    int there = builder.leaveOut(input, options.masking().value());
    steps += there;
    if (there == 0) {
      add(rows.line(), "", options.masking().nothing());
    }
  }

  /** Looks for more problems in this row, of which nothing is kept. */
  private void look() {
    for (int[] columns : inputs) {
      for (int column : columns) {
        raw(column);
      }
    }
    for (int output = 0; output < outputs.size(); output++) {
      if (ids.get(output) != null) {
        label(output);
        continue;
      }
      for (int column : outputs.get(output)) {
        number(column);
      }
    }
    weight();
  }

  /** What a feature is before it is encoded: a number, the id of a word, NaN if it is missing. */
  private double raw(int column) {
    if (!isFilled(column)) {
      return number(column);
    }
    if (isMissing(column)) {
      return Double.NaN;
    }
    int id = words.get(column).id(word(column));
    if (id < -1) {
      add(rows.line(), columns.describe(column), WordIds.problem());
    }
    return id;
  }

  /** The number in a column of this row; 0 if there is none, which is a problem. */
  private double number(int column) {
    double number = numberOf(column);
    if (Float.isFinite((float) number)) {
      return number;
    }
    add(rows.line(), columns.describe(column), wrong(column, number));
    return 0;
  }

  /** A value as it is meant; empty if it is missing. */
  private String word(int column) {
    String value = rows.value(column);
    return isMissing(column) ? "" : options.dialect().aliases().getOrDefault(value, value);
  }

  /** The number in a column of this row, of a date its seconds; NaN if there is none. */
  private double numberOf(int column) {
    if (dates.containsKey(column)) {
      return isMissing(column) ? Double.NaN : dates.get(column).seconds(word(column));
    }
    double number = rows.number(column);
    if (missing.areWords() && !Double.isNaN(number)) {
      return number;
    }
    String value = rows.value(column);
    if (missing.contains(value, number)) {
      return Double.NaN;
    }
    String meant = options.dialect().aliases().get(value);
    return meant != null && Numbers.isNumber(meant) ? Double.parseDouble(meant) : number;
  }

  /** What is wrong with a value that is no finite number. */
  private String wrong(int column, double number) {
    String value = rows.value(column);
    if (!value.isEmpty() && missing.contains(value, rows.number(column))) {
      return "'%s', which stands for a missing value. %s".formatted(shortened(value), fill(column));
    }
    if (dates.containsKey(column)) {
      return value.isEmpty()
          ? "empty, where a date must be. " + fill(column)
          : dates.get(column).problem(shortened(value));
    }
    if (!Double.isNaN(number)) {
      return shortened(value) + " is too large for a 32-bit number. Scale the column.";
    }
    return value.isEmpty()
        ? "empty, where a number must be. " + fill(column)
        : "'%s' is not a number. %s"
            .formatted(shortened(value), Numbers.remedy(value, isLabel(column)));
  }

  private String fill(int column) {
    String name = columns.header().get(column);
    return isLabel(column)
        ? "Mend the row, or leave such rows out with data.columns: [{%s: ['%s'], missing: drop}]."
            .formatted(ids.stream().allMatch(it -> it == null) ? "number" : "category", name)
        : "Nothing is filled in: mend or remove the row, or say what stands there, such as"
            + " data.columns: [{%s: ['%s'], missing: %s}]."
                .formatted(
                    words.containsKey(column)
                        ? "category"
                        : dates.containsKey(column) ? "date" : "number",
                    name,
                    words.containsKey(column) ? "category" : "median");
  }

  private boolean isLabel(int column) {
    return outputs.stream().flatMapToInt(IntStream::of).anyMatch(label -> label == column);
  }

  /** The weight of this row's example; 1 if there is none. */
  private float weight() {
    if (weight < 0) {
      return 1f;
    }
    double number = number(weight);
    if (number < 0) {
      add(rows.line(), columns.describe(weight), negative());
    }
    return (float) number;
  }

  /** The split's own id of the class that this row names for an output. */
  private int label(int output) {
    int column = outputs.get(output)[0];
    String name = word(column);
    String problem = ids.get(output).problem(name);
    if (problem == null) {
      return ids.get(output).id(name);
    }
    add(rows.line(), columns.describe(column), problem);
    return 0;
  }

  static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "...";
  }

  private void add(long line, String column, String message) {
    problems.putIfAbsent(column, new SplitReport.Problem(line, column, message));
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
    List<SplitReport.Problem> found = new ArrayList<>(problems.values());
    if (rows.problem() != null) {
      found.add(rows.problem());
    }
    return new SplitReport(
            read,
            rows.lines(),
            steps,
            LabelIds.found(ids, labelRanges),
            new Range(smallest, largest, whole),
            Sha256.hex(digest),
            bytes.since(),
            rows.openQuote() == 0 ? OptionalLong.empty() : OptionalLong.of(rows.openQuote()),
            found)
        .with(tally.counted())
        .withWords(words());
  }

  /** The words of each feature, where there are any. */
  private List<List<String>> words() {
    return words.isEmpty() || how.on()
        ? List.of()
        : inputs.stream()
            .flatMapToInt(IntStream::of)
            .mapToObj(it -> words.containsKey(it) ? words.get(it).names() : List.<String>of())
            .toList();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
