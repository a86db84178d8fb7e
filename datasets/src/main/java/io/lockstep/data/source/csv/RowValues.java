package io.lockstep.data.source.csv;

import io.lockstep.data.normalize.Column;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The numbers, words and labels of one row at a time, and what is wrong with it.
 *
 * @param <T> rows
 */
final class RowValues<T> {
  private final CsvColumns columns;
  private final CsvOptions options;
  private final List<Integer> widths;
  private final Column[] said; // of each column of the table; null where nothing is
  private final RowTable.Cells<T> cells;
  private final Map<Integer, WordIds> words; // of columns that hold words
  private final List<LabelIds> ids; // of each output, null if it has numbers
  private final List<RowFlaw> flaws;
  private final MissingValues missing;
  private final List<int[]> inputs;
  private final boolean[] sequences; // whether cells of an input are arrays of time steps
  private final List<int[]> outputs;
  private final int[] labels; // columns of all outputs
  private final int[] dropping; // columns without whose values a row is left out
  private final int weightColumn;
  private final int idColumn;
  private final int brokenColumn;
  private final Doubles[] features;
  private final Doubles[] targets;
  private final int[] classes;
  private float weight;
  private Object lastId;

  /** A list of numbers that grows. */
  static final class Doubles {
    private double[] values = new double[16];
    private int size;

    private void add(double value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int size() {
      return size;
    }

    double at(int place) {
      return values[place];
    }
  }

  /**
   * @param flaws receives what is wrong with a row
   */
  RowValues(
      RowTable table,
      CsvColumns columns,
      Column[] said,
      RowTable.Cells<T> cells,
      Map<Integer, WordIds> words,
      List<LabelIds> ids,
      List<RowFlaw> flaws) {
    this.columns = columns;
    this.said = said;
    this.cells = cells;
    this.words = words;
    this.ids = ids;
    this.flaws = flaws;
    options = columns.options();
    widths = table.widths();
    missing = new MissingValues(options.dialect().missing());
    inputs = columns.inputs();
    sequences = new boolean[inputs.size()];
    for (int input = 0; input < sequences.length; input++) {
      sequences[input] = options.allInputs().get(input).sequence();
    }
    outputs = columns.outputs();
    labels = columns.labels();
    weightColumn = columns.weight();
    idColumn = table.header().indexOf(table.id());
    brokenColumn = table.header().indexOf(RowTable.BROKEN);
    dropping =
        IntStream.concat(IntStream.of(columns.features()), IntStream.of(labels))
            .filter(it -> said[it] != null && said[it].gap().missing() == Column.Missing.DROP)
            .distinct()
            .toArray();
    features =
        IntStream.range(0, inputs.size()).mapToObj(i -> new Doubles()).toArray(Doubles[]::new);
    targets =
        IntStream.range(0, outputs.size()).mapToObj(i -> new Doubles()).toArray(Doubles[]::new);
    classes = new int[outputs.size()];
  }

  /** The numbers of an input in the row that was read; NaN for what is missing and filled in. */
  Doubles input(int input) {
    return features[input];
  }

  /** The numbers that an output is to predict. */
  Doubles target(int output) {
    return targets[output];
  }

  /** The split's own id of the class of an output. */
  int label(int output) {
    return classes[output];
  }

  /** The weight of the row. */
  float weight() {
    return weight;
  }

  /** What to call the row by in a message, a sentence; empty if its rows have no ids. */
  String whose(T row) {
    return idColumn < 0
        ? ""
        : " (The row with %s %s.)"
            .formatted(columns.header().get(idColumn), cells.cell(row, idColumn));
  }

  /** Whether a row lacks a value without which it is to be left out; the flaw then says so. */
  boolean isUnwanted(T row) {
    for (int column : dropping) {
      if (isMissing(cells.cell(row, column))) {
        flaws.add(new RowFlaw(column, Fault.MISSING, "the value is missing."));
        return true;
      }
    }
    return false;
  }

  /** Reads a row. */
  void read(T row) {
    if (brokenColumn >= 0 && cells.cell(row, brokenColumn) != null) {
      String text = CsvReader.shortened(String.valueOf(cells.cell(row, brokenColumn)));
      flaws.add(
          new RowFlaw(
              -1,
              Fault.DAMAGED,
              "'%s' is not one JSON object on one line that fits the columns.".formatted(text)));
      return;
    }
    identify(row);
    if (weightColumn >= 0) {
      weigh(cells.cell(row, weightColumn));
    }
    for (int input = 0; input < inputs.size(); input++) {
      features[input].size = 0;
      if (sequences[input]) {
        sequence(row, inputs.get(input), features[input]);
        continue;
      }
      for (int column : inputs.get(input)) {
        WordIds own = words.get(column);
        Object cell = cells.cell(row, column);
        if (own == null) {
          numbers(column, cell, features[input]);
        } else {
          features[input].add(word(column, cell, own));
        }
      }
      checkSteps(features[input]);
    }
    for (int output = 0; output < outputs.size(); output++) {
      targets[output].size = 0;
      if (ids.get(output) != null) {
        classes[output] = label(output, cells.cell(row, outputs.get(output)[0]));
        continue;
      }
      for (int column : outputs.get(output)) {
        numbers(column, cells.cell(row, column), targets[output]);
      }
    }
  }

  /** Rows come in the order of their ids, so equal ones are neighbours. */
  private void identify(T row) {
    if (idColumn < 0) {
      return;
    }
    Object id = cells.cell(row, idColumn);
    if (id == null || id.equals(lastId)) {
      flaws.add(
          new RowFlaw(
              idColumn,
              null,
              id == null
                  ? "null, where each row must have an id of its own."
                  : "the id %s comes twice; each row must have one of its own.".formatted(id)));
    }
    lastId = id;
  }

  private void weigh(Object cell) {
    var one = new Doubles();
    numbers(weightColumn, cell, one);
    if (one.at(0) < 0) {
      flaws.add(
          new RowFlaw(
              weightColumn, Fault.NO_NUMBER, one.at(0) + " is not a weight, which is 0 or more."));
    }
    weight = (float) one.at(0);
  }

  private boolean isMissing(Object cell) {
    if (cell == null) {
      return true;
    }
    if (cell instanceof Number number) {
      double value = number.doubleValue();
      return Double.isNaN(value)
          || (!missing.areWords() && missing.contains(String.valueOf(number), value));
    }
    return cell instanceof String text
        && missing.contains(text, Numbers.isNumber(text) ? Double.parseDouble(text) : Double.NaN);
  }

  /** The id of a word, NaN if it is missing. */
  private double word(int column, Object cell, WordIds own) {
    if (isMissing(cell)) {
      if (!said[column].gap().filled()) {
        flaws.add(new RowFlaw(column, Fault.NO_NUMBER, gap(column, cell, "a word")));
      }
      return Double.NaN;
    }
    int id = own.id(meant(cell));
    if (id < -1) {
      flaws.add(new RowFlaw(column, null, WordIds.problem()));
    }
    return id;
  }

  private String meant(Object cell) {
    String word = CellValues.word(cell);
    return options.dialect().aliases().getOrDefault(word, word);
  }

  /** Hands on all numbers of a cell; zeros if there are none, which is a flaw. */
  private void numbers(int column, Object cell, Doubles to) {
    int width = widths.get(column);
    if (cell instanceof double[] many && many.length == width) {
      for (double number : many) {
        to.add(finite(column, number));
      }
      return;
    }
    if (width == 1 && !(cell instanceof double[])) {
      to.add(number(column, cell));
      return;
    }
    flaws.add(new RowFlaw(column, Fault.NO_NUMBER, wrong(cell, width)));
    for (int i = 0; i < width; i++) {
      to.add(0);
    }
  }

  private double number(int column, Object cell) {
    if (isMissing(cell)) {
      boolean filled = said[column] != null && said[column].gap().filled() && !isLabel(column);
      if (!filled || column == weightColumn) {
        flaws.add(new RowFlaw(column, Fault.NO_NUMBER, gap(column, cell, "a number")));
        return 0;
      }
      return Double.NaN;
    }
    double number = CellValues.number(cell);
    if (Double.isNaN(number)) {
      flaws.add(new RowFlaw(column, Fault.NO_NUMBER, noNumber(column, cell)));
      return 0;
    }
    return finite(column, number);
  }

  private boolean isLabel(int column) {
    return IntStream.of(labels).anyMatch(label -> label == column);
  }

  private String noNumber(int column, Object cell) {
    return "'%s' is not a number. Mend the value, choose the feature columns, or say what the column holds: data.columns: [{category: ['%s']}]."
        .formatted(CsvReader.shortened(String.valueOf(cell)), columns.header().get(column));
  }

  private String gap(int column, Object cell, String what) {
    String found =
        cell instanceof String text
            ? "'%s', which stands for a missing value.".formatted(CsvReader.shortened(text))
            : "%s, where %s must be.".formatted(cell, what);
    boolean word = words.containsKey(column);
    String remedy =
        isLabel(column) || column == weightColumn
            ? "Mend or leave out the row."
            : "Nothing is filled in: mend or leave out the row, or say what stands there, such as data.columns: [{%s: ['%s'], missing: %s}]."
                .formatted(
                    word ? "category" : "number",
                    columns.header().get(column),
                    word ? "category" : "median");
    return found + " " + remedy;
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
    return "'%s' is not an array of %d numbers. Mend the value, or choose the feature columns."
        .formatted(CsvReader.shortened(String.valueOf(cell)), width);
  }

  private double finite(int column, double number) {
    if (Float.isFinite((float) number)) {
      return number;
    }
    flaws.add(
        new RowFlaw(
            column,
            Fault.NO_NUMBER,
            Double.isFinite(number)
                ? number + " is too large for a 32-bit number. Scale the column."
                : number + ", where a number must be. Mend or leave out the row."));
    return 0;
  }

  /** Hands on the time steps of a sequence, of which each cell has a number each. */
  private void sequence(T row, int[] own, Doubles to) {
    List<double[]> all = new ArrayList<>();
    for (int column : own) {
      Object cell = cells.cell(row, column);
      if (!(cell instanceof double[] numbers) || numbers.length == 0) {
        String message =
            cell instanceof double[]
                ? "an empty array, where at least one time step must be. Leave out the row."
                : "'%s' is not an array of numbers, one for each time step."
                    .formatted(CsvReader.shortened(String.valueOf(cell)));
        flaws.add(new RowFlaw(column, Fault.EMPTY, message));
        return;
      }
      all.add(numbers);
      if (numbers.length != all.get(0).length) {
        String message =
            String.format(
                Locale.ROOT,
                "%,d time steps, but column %s has %,d. The columns of a sequence have the same"
                    + " steps.",
                numbers.length,
                columns.describe(own[0]),
                all.get(0).length);
        flaws.add(new RowFlaw(column, Fault.COLUMNS, message));
        return;
      }
    }
    for (int step = 0; step < all.get(0).length; step++) {
      for (int i = 0; i < own.length; i++) {
        to.add(finite(own[i], all.get(i)[step]));
      }
    }
    checkSteps(to);
  }

  /** Whether a time step is there, if some may be masked. */
  private void checkSteps(Doubles numbers) {
    CsvOptions.Masking masking = options.masking();
    if (!masking.on() || !flaws.isEmpty()) {
      return;
    }
    for (int i = 0; i < numbers.size; i++) {
      if ((float) numbers.values[i] != (float) masking.value()) {
        return;
      }
    }
    flaws.add(new RowFlaw(-1, Fault.EMPTY, masking.nothing()));
  }

  private int label(int output, Object cell) {
    int column = outputs.get(output)[0];
    if (isMissing(cell)) {
      String found = cell instanceof String text && !text.isEmpty() ? "'" + text + "'" : "" + cell;
      flaws.add(
          new RowFlaw(
              column,
              Fault.NO_LABEL,
              cell instanceof String text && text.isEmpty()
                  ? "the label is empty."
                  : found + ", where a class must be."));
      return 0;
    }
    String name = meant(cell);
    String problem = ids.get(output).problem(name);
    if (problem == null) {
      return ids.get(output).id(name);
    }
    flaws.add(new RowFlaw(column, ids.get(output).fault(name).orElse(null), problem));
    return 0;
  }
}
