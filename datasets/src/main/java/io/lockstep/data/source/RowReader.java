package io.lockstep.data.source;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import java.security.MessageDigest;
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
  private final int[] features;
  private final int[] labels;
  private final int weight;
  private final boolean classes;
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final Map<String, SplitReport.Problem> problems = new LinkedHashMap<>();
  private final MessageDigest digest = Sha256.digest();
  private long read; // rows
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;
  private boolean whole = true;
  private Range labelRange = Range.NONE;

  RowReader(
      CsvColumns columns,
      List<Integer> widths,
      Schema schema,
      Iterator<T> rows,
      RowTable.Cells<T> cells) {
    this.columns = columns;
    this.widths = widths;
    this.schema = schema;
    this.rows = rows;
    this.cells = cells;
    features = columns.features();
    labels = columns.labels();
    weight = columns.weight();
    classes = columns.options().labelKind() == CsvOptions.LabelKind.CLASS;
  }

  @Override
  public Optional<Block> next() {
    while (rows.hasNext()) {
      var builder = new BlockBuilder(schema, 1024);
      while (rows.hasNext() && builder.bytes() < BLOCK_BYTES && builder.size() < 1 << 16) {
        add(builder, rows.next());
      }
      if (problems.isEmpty()) {
        Block block = builder.build();
        block.update(digest);
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  private void add(BlockBuilder builder, T row) {
    builder.begin(read++);
    if (weight >= 0) {
      numbers(row, weight, value -> builder.weight(weight(value)));
    }
    for (int column : features) {
      numbers(
          row,
          column,
          value -> {
            smallest = Math.min(smallest, value);
            largest = Math.max(largest, value);
            whole &= value == Math.rint(value);
            builder.put(0, value);
          });
    }
    if (classes) {
      builder.put(1, label(cells.cell(row, labels[0])));
    } else {
      for (int column : labels) {
        numbers(
            row,
            column,
            value -> {
              labelRange = labelRange.with(value);
              builder.put(1, value);
            });
      }
    }
    builder.end();
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
        .formatted(shortened(String.valueOf(cell)));
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

  /** The part's own id of a class. */
  private int label(Object cell) {
    String name = cell instanceof double[] ? "" : cell == null ? "" : String.valueOf(cell);
    if (name.isEmpty()) {
      add(labels[0], cell == null ? "null, where a class must be." : "the label is empty.");
      return 0;
    }
    Integer id = ids.get(name);
    if (id != null) {
      return id;
    }
    List<String> known = columns.options().classes();
    if (!known.isEmpty() && !ClassNames.isAmong(known, name)) {
      add(
          labels[0],
          "label '%s' is not among the classes %s."
              .formatted(shortened(name), Labels.abbreviate(known)));
    }
    if (ids.size() == ClassNames.MOST) {
      add(labels[0], ClassNames.tooMany());
      return 0;
    }
    ids.put(name, ids.size());
    return ids.size() - 1;
  }

  private static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "...";
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
        0,
        List.copyOf(ids.keySet()),
        labelRange,
        new Range(smallest, largest, whole),
        Sha256.hex(digest),
        0,
        OptionalLong.empty(),
        List.copyOf(problems.values()));
  }

  @Override
  public void close() {}
}
