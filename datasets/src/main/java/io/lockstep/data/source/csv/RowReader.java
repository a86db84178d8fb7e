package io.lockstep.data.source.csv;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleConsumer;

/**
 * Makes blocks of rows that a program hands over, as {@link CsvReader} does of text.
 *
 * @param <T> rows
 */
final class RowReader<T> implements SplitReader {
  private static final int BLOCK_BYTES = 4 << 20;

  private final CsvColumns columns;
  private final List<Integer> widths;
  private final Schema schema;
  private final Iterator<T> rows;
  private final RowTable.Cells<T> cells;
  private final RowTable.Cells<T> raw; // as they are passed through
  private final ToScore how;
  private final int[] passedColumns;
  private final List<int[]> inputs;
  private final List<int[]> outputs;
  private final int weight;
  private final List<LabelIds> ids = new ArrayList<>(); // of each output, null if it has numbers
  private final Range[] labelRanges;
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();
  private final MessageDigest digest = Sha256.digest();
  private List<Object[]> passed = List.of();
  private long read; // rows
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
    this.widths = table.widths();
    this.how = table.how();
    this.raw = raw;
    passedColumns = table.passed().numbers();
    this.schema = schema;
    this.rows = rows;
    this.cells = cells;
    inputs = columns.inputs();
    outputs = columns.outputs();
    weight = columns.weight();
    CsvOptions options = columns.options();
    for (int output = 0; output < outputs.size(); output++) {
      boolean labelled = options.labelKinds().get(output) == CsvOptions.LabelKind.CLASS;
      ids.add(labelled ? CsvReader.ids(options.allClasses().get(output), how) : null);
    }
    labelRanges = new Range[outputs.size()];
    Arrays.fill(labelRanges, Range.NONE);
  }

  @Override
  public Optional<Block> next() {
    while (rows.hasNext()) {
      var builder = new BlockBuilder(schema, 1024);
      passed = new ArrayList<>();
      int most = how.rows(1 << 16);
      while (rows.hasNext() && builder.bytes() < BLOCK_BYTES && builder.size() < most) {
        T row = rows.next();
        add(builder, row);
        pass(row);
      }
      if (problems.isEmpty()) {
        Block block = builder.build();
        block.update(digest);
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  private void pass(T row) {
    if (how.on()) {
      Object[] values = new Object[passedColumns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = raw.cell(row, passedColumns[i]);
      }
      passed.add(values);
    }
  }

  @Override
  public List<Object[]> passed() {
    return passed;
  }

  private void add(BlockBuilder builder, T row) {
    builder.begin(read++);
    if (weight >= 0) {
      numbers(row, weight, value -> builder.weight(weight(value)));
    }
    for (int i = 0; i < inputs.size(); i++) {
      int input = i;
      if (columns.options().allInputs().get(input).sequence()) {
        sequence(row, input, builder);
      } else {
        for (int column : inputs.get(input)) {
          numbers(row, column, value -> builder.put(input, seen(value)));
        }
      }
      if (schema.inputs().get(input).sequence()) {
        steps += steps(input, builder);
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      int output = i;
      int to = inputs.size() + output;
      if (ids.get(output) != null) {
        builder.put(to, label(output, row));
        continue;
      }
      for (int column : outputs.get(output)) {
        numbers(
            row,
            column,
            value -> {
              labelRanges[output] = labelRanges[output].with(value);
              builder.put(to, value);
            });
      }
    }
    builder.end();
  }

  /** Steps of the row in a sequence, without those that are to be left out. */
  private int steps(int input, BlockBuilder builder) {
    CsvOptions.Masking masking = columns.options().masking();
    if (!masking.on()) {
      return builder.steps(input);
    }
    int there = builder.leaveOut(input, masking.value());
    if (there == 0) {
      problems.putIfAbsent("", new SplitReport.Problem(read, "", masking.nothing()));
    }
    return there;
  }

  private double seen(double value) {
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
    whole &= value == Math.rint(value);
    return value;
  }

  /** Hands on the time steps of a sequence, of which each cell has a number each. */
  private void sequence(T row, int input, BlockBuilder builder) {
    int[] own = inputs.get(input);
    double[][] cells = new double[own.length][];
    for (int i = 0; i < own.length; i++) {
      Object cell = this.cells.cell(row, own[i]);
      if (!(cell instanceof double[] numbers) || numbers.length == 0) {
        add(
            own[i],
            cell instanceof double[]
                ? "an empty array, where at least one time step must be. Leave out the row."
                : "'%s' is not an array of numbers, one for each time step."
                    .formatted(CsvReader.shortened(String.valueOf(cell))));
        return;
      }
      cells[i] = numbers;
      if (numbers.length != cells[0].length) {
        add(
            own[i],
            String.format(
                Locale.ROOT,
                "%,d time steps, but column %s has %,d. The columns of a sequence have the same"
                    + " steps.",
                numbers.length,
                columns.describe(own[0]),
                cells[0].length));
        return;
      }
    }
    for (int step = 0; step < cells[0].length; step++) {
      for (int i = 0; i < own.length; i++) {
        builder.put(input, seen(finite(own[i], cells[i][step])));
      }
    }
  }

  /** Hands on all numbers of a cell; zeros if there are none, which is a problem. */
  private void numbers(T row, int column, DoubleConsumer to) {
    int width = widths.get(column);
    Object cell = cells.cell(row, column);
    if (cell instanceof Number number && width == 1) {
      to.accept(finite(column, number.doubleValue()));
      return;
    }
    if (cell instanceof double[] numbers && numbers.length == width) {
      for (double number : numbers) {
        to.accept(finite(column, number));
      }
      return;
    }
    add(column, wrong(cell, width));
    for (int i = 0; i < width; i++) {
      to.accept(0);
    }
  }

  private static String wrong(Object cell, int width) {
    if (cell == null) {
      return "null, where a number must be. Nothing is filled in: mend or leave out the row.";
    }
    if (cell instanceof double[] numbers) {
      return String.format(
          Locale.ROOT,
          "%,d values, where the first row has %,d. Make them alike.",
          numbers.length,
          width);
    }
    return "'%s' is not a number. Mend the value, or choose the feature columns."
        .formatted(CsvReader.shortened(String.valueOf(cell)));
  }

  private double finite(int column, double number) {
    if (Float.isFinite((float) number)) {
      return number;
    }
    add(
        column,
        Double.isFinite(number)
            ? number + " is too large for a 32-bit number. Scale the column."
            : number + ", where a number must be. Mend or leave out the row.");
    return 0;
  }

  private float weight(double number) {
    if (number < 0) {
      add(weight, number + " is not a weight, which is 0 or more.");
    }
    return (float) number;
  }

  /** The part's own id of the class that a row names for an output. */
  private int label(int output, T row) {
    int column = outputs.get(output)[0];
    Object cell = cells.cell(row, column);
    String name = cell instanceof double[] ? "" : cell == null ? "" : String.valueOf(cell);
    String problem = cell == null ? "null, where a class must be." : ids.get(output).problem(name);
    if (problem == null) {
      return ids.get(output).id(name);
    }
    add(column, problem);
    return 0;
  }

  /** The first problem of each column is kept. */
  private void add(int column, String message) {
    String name = columns.describe(column);
    problems.putIfAbsent(name, new SplitReport.Problem(read, name, message));
  }

  @Override
  public SplitReport report() {
    return new SplitReport(
        read,
        0,
        steps,
        LabelIds.found(ids, labelRanges),
        new Range(smallest, largest, whole),
        Sha256.hex(digest),
        0,
        OptionalLong.empty(),
        List.copyOf(problems.values()));
  }

  @Override
  public void close() {}
}
