package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.LineRange;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
  private final List<int[]> inputs;
  private final List<int[]> outputs;
  private final int weight;
  private final List<LabelIds> ids = new ArrayList<>(); // of each output, null if it has numbers
  private final Range[] labelRanges;
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();
  private final MessageDigest digest = Sha256.digest();
  private final BytesRead bytes;
  private long read; // examples
  private long steps; // that are there, of padded sequences
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;
  private boolean whole = true;
  private boolean ended;

  private CsvReader(CsvColumns columns, Schema schema, CsvRows rows, BytesRead bytes) {
    this.columns = columns;
    this.options = columns.options();
    this.schema = schema;
    this.rows = rows;
    this.bytes = bytes;
    inputs = columns.inputs();
    outputs = columns.outputs();
    weight = columns.weight();
    for (int output = 0; output < outputs.size(); output++) {
      boolean classes = options.labelKinds().get(output) == CsvOptions.LabelKind.CLASS;
      ids.add(
          classes ? new LabelIds(options.allClasses().get(output), ClassNames.tooMany()) : null);
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

  static CsvReader open(
      Configuration hadoop,
      DataFile file,
      CsvColumns columns,
      Schema schema,
      SourceSplit split,
      boolean packed)
      throws IOException {
    var bytes = new BytesRead();
    InputStream in =
        packed
            ? file.openContent(hadoop).in()
            : LineRange.of(
                file.openRaw(hadoop, LineRange.start(split.from())), split.from(), split.to());
    try {
      var rows = new CsvRows(in, columns.options());
      var reader = new CsvReader(columns, schema, rows, bytes);
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
    while (builder.bytes() < BLOCK_BYTES && builder.size() < 1 << 16) {
      if (!rows.next()) {
        ended = true;
        break;
      }
      if (rows.size() == columns.header().size()) {
        add(builder);
      } else {
        add(rows.line(), "", columns.wrongSize(rows.size(), "values"));
      }
    }
    if (!problems.isEmpty() || builder.size() == 0) {
      return ended ? Optional.empty() : next();
    }
    Block block = builder.build();
    block.update(digest);
    return Optional.of(block);
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
        double value = number(column);
        smallest = Math.min(smallest, value);
        largest = Math.max(largest, value);
        whole &= value == Math.rint(value);
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
        number(column);
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

  /** The number in a column of this row; 0 if there is none, which is a problem. */
  private double number(int column) {
    double number = rows.number(column);
    if (Float.isFinite((float) number)) {
      return number;
    }
    String value = rows.value(column);
    if (Double.isNaN(number)) {
      add(
          rows.line(),
          columns.describe(column),
          value.isEmpty()
              ? "empty, where a number must be. Nothing is filled in: mend or remove the row."
              : "'%s' is not a number. %s"
                  .formatted(shortened(value), Numbers.remedy(value, isLabel(column))));
      return 0;
    }
    add(
        rows.line(),
        columns.describe(column),
        shortened(value) + " is too large for a 32-bit number. Scale the column.");
    return 0;
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
      add(
          rows.line(),
          columns.describe(weight),
          "%s is not a weight, which is 0 or more.".formatted(shortened(rows.value(weight))));
    }
    return (float) number;
  }

  /** The split's own id of the class that this row names for an output. */
  private int label(int output) {
    int column = outputs.get(output)[0];
    String name = rows.value(column);
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
        found);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
