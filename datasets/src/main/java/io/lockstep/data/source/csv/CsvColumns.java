package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.ToScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which columns of a table are features and which are labels, by name or by number.
 *
 * @param file for messages
 * @param options that say which are wanted
 * @param header names of all columns, or their numbers
 * @param text whether the table is text, so that a wrong delimiter may be the reason for what is
 *     wrong
 * @param labelled whether its labels are looked at
 */
public record CsvColumns(
    String file, CsvOptions options, List<String> header, boolean text, boolean labelled) {
  public CsvColumns {
    header = List.copyOf(header);
  }

  /** Columns of a table with labels. */
  public CsvColumns(String file, CsvOptions options, List<String> header, boolean text) {
    this(file, options, header, text, true);
  }

  /** Columns of a text file. */
  public CsvColumns(String file, CsvOptions options, List<String> header) {
    this(file, options, header, true);
  }

  /** The same for examples that are to be scored: without labels if not all of them are there. */
  public CsvColumns toScore(ToScore how) {
    boolean there =
        Stream.concat(
                options.labels().stream(),
                options.outputs().stream().flatMap(output -> output.columns().stream()))
            .allMatch(column -> number(column) >= 0);
    return there && how.labels() ? this : withoutLabels();
  }

  /** The same without a look at labels. */
  public CsvColumns withoutLabels() {
    return new CsvColumns(file, options, header, text, false);
  }

  /**
   * What is wrong with a row of another number of values.
   *
   * @param what may lack quotes, such as {@code texts}
   */
  public String wrongSize(int values, String what) {
    return String.format(
        Locale.ROOT,
        "%,d values, but %s has %,d columns. %s",
        values,
        options.header() ? "the header" : "the first line",
        header.size(),
        values < header.size()
            ? "Fill in what is missing."
            : "Quote " + what + " that contain the delimiter.");
  }

  /** Numbers of the label columns of all outputs, one output after the other. */
  public int[] labels() {
    return outputs().stream().flatMapToInt(IntStream::of).toArray();
  }

  /** Numbers of the label columns of each output. */
  List<int[]> outputs() {
    if (!labelled) {
      return List.of();
    }
    if (!options.outputs().isEmpty()) {
      return options.outputs().stream().map(output -> numbers(output.columns())).toList();
    }
    if (!options.labels().isEmpty()) {
      return List.of(numbers(options.labels()));
    }
    return List.of(
        options.features().isEmpty()
            ? IntStream.range(0, header.size())
                .filter(column -> column != weight() && !excluded().contains(column))
                .toArray()
            : matching(options.features()));
  }

  /** Numbers of the columns of these names. */
  int[] numbers(List<String> names) {
    return names.stream().mapToInt(this::column).toArray();
  }

  /** Numbers of the feature columns of all inputs, in the order in which the network sees them. */
  public int[] features() {
    return inputs().stream().flatMapToInt(IntStream::of).toArray();
  }

  /** Numbers of the feature columns of each input, in the order in which the network sees them. */
  List<int[]> inputs() {
    int[] labels = labels();
    return options.allInputs().stream()
        .map(
            input ->
                input.columns().isEmpty()
                    ? others(labels)
                    : checked(matching(input.columns()), labels))
        .toList();
  }

  /** All columns that are no label, no weight and of no other input. */
  private int[] others(int[] labels) {
    int[] taken =
        options.inputs().stream()
            .flatMapToInt(it -> IntStream.of(matching(it.columns())))
            .toArray();
    Set<Integer> excluded = excluded();
    Column[] said = said();
    int[] columns =
        IntStream.range(0, header.size())
            .filter(
                column ->
                    column != weight()
                        && !excluded.contains(column)
                        && !(said[column] != null && said[column].isIgnored())
                        && IntStream.of(taken).noneMatch(other -> other == column)
                        && (options.reconstruct()
                            || IntStream.of(labels).noneMatch(label -> label == column)))
            .toArray();
    if (columns.length == 0) {
      throw wrong(
          "there are only label columns, no features." + (text ? " Is the delimiter right?" : ""));
    }
    return columns;
  }

  private Set<Integer> excluded() {
    return IntStream.of(matching(options.exclude())).boxed().collect(Collectors.toSet());
  }

  /**
   * Numbers of the columns that some words name: a name, a number, a range of numbers such as
   * {@code 5-9}, or a pattern with {@code *} for any letters, which takes names in their order.
   */
  public int[] matching(List<String> words) {
    return words.stream().flatMapToInt(this::matching).toArray();
  }

  private IntStream matching(String word) {
    if (number(word) >= 0) {
      return IntStream.of(column(word));
    }
    if (word.matches("\\d{1,9}-\\d{1,9}")) {
      int dash = word.indexOf('-');
      int first = column(word.substring(0, dash));
      int last = column(word.substring(dash + 1));
      if (first > last) {
        throw wrong("the columns %s end before they begin.".formatted(word));
      }
      return IntStream.rangeClosed(first, last);
    }
    if (word.indexOf('*') < 0) {
      return IntStream.of(column(word));
    }
    Pattern pattern =
        Pattern.compile(
            Arrays.stream(word.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    int[] found =
        IntStream.range(0, header.size())
            .filter(column -> pattern.matcher(header.get(column)).matches())
            .toArray();
    if (found.length == 0) {
      throw wrong(
          "no column is like '%s'. Columns are: %s.".formatted(word, Labels.abbreviate(header)));
    }
    return IntStream.of(found);
  }

  /** What is said of each column, by its number; null where nothing is. */
  Column[] said() {
    Column[] said = new Column[header.size()];
    for (ColumnRules.Rule rule : options.columns().rules()) {
      for (String word : rule.columns()) {
        boolean pattern = word.indexOf('*') >= 0;
        for (int column : matching(word).toArray()) {
          if (said[column] == null) {
            said[column] = rule.column().named(header.get(column));
          } else if (!pattern && !said[column].equals(rule.column().named(header.get(column)))) {
            throw wrong("data.columns says two things of column %s.".formatted(describe(column)));
          }
        }
      }
    }
    return said;
  }

  /** What is to be made of each feature, of all inputs; empty if nothing is said of any column. */
  List<Column> kinds() {
    if (options.columns().isEmpty()) {
      return List.of();
    }
    Column[] said = said();
    List<Column> kinds = new ArrayList<>();
    for (int i = 0; i < inputs().size(); i++) {
      TableInput input = options.allInputs().get(i);
      if (!input.shape().isEmpty() || input.sequence() || options.masking().on()) {
        throw wrong(
            "data.columns is for rows of features, not for examples that have a shape or steps.");
      }
      for (int column : inputs().get(i)) {
        if (said[column] != null && said[column].isIgnored()) {
          throw wrong(
              "data.columns ignores column %s, which is named among the features; take it out there or here."
                  .formatted(describe(column)));
        }
        kinds.add(
            said[column] != null
                ? said[column]
                : options.columns().other(header.get(column), input.normalized()));
      }
    }
    return kinds;
  }

  /** Number of the column of weights, -1 if there is none. */
  int weight() {
    CsvOptions.Weight weight = options.weight();
    boolean missing = weight.optional() && number(weight.column()) < 0;
    return !weight.named() || missing ? -1 : column(weight.column());
  }

  private int column(String wanted) {
    int column = header.indexOf(wanted);
    if (column >= 0 && header.lastIndexOf(wanted) != column) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "the header names column '%s' twice, as columns %d and %d (counted from 0). Choose by"
                  + " number.",
              wanted,
              column,
              header.lastIndexOf(wanted)));
    }
    column = number(wanted);
    if (column < 0) {
      throw wrong(
          String.format(
                  Locale.ROOT,
                  "there is no column '%s'. Columns are: %s.",
                  wanted,
                  Labels.abbreviate(header))
              + (text && header.size() == 1 ? " Is the delimiter right?" : ""));
    }
    return column;
  }

  private int[] checked(int[] columns, int[] labels) {
    Set<Integer> seen = new HashSet<>();
    for (int column : columns) {
      if (column == weight()) {
        throw wrong(
            "column %s holds weights; it cannot be a feature too.".formatted(describe(column)));
      }
      if (!options.reconstruct() && IntStream.of(labels).anyMatch(label -> label == column)) {
        throw wrong(
            "column %s is both feature and label: the network would see what it is to predict. For"
                    .formatted(describe(column))
                + " a network that is to reproduce its input, set reconstruct: true.");
      }
      if (!seen.add(column)) {
        throw wrong("column %s is named twice among the features.".formatted(describe(column)));
      }
    }
    return columns;
  }

  /** What each example of the table has; labels that are classes are ids. */
  Schema schema() {
    return schema(column -> 1);
  }

  /**
   * As {@link #schema()}, of a table whose cells may hold several values.
   *
   * @param width number of values in a column
   */
  Schema schema(IntUnaryOperator width) {
    int weight = weight();
    if (weight >= 0 && IntStream.of(labels()).anyMatch(label -> label == weight)) {
      throw wrong("column %s is both label and weight.".formatted(describe(weight)));
    }
    List<Field> inputs = new ArrayList<>();
    for (int i = 0; i < inputs().size(); i++) {
      TableInput input = options.allInputs().get(i);
      int[] columns = inputs().get(i);
      List<Integer> shape =
          input.sequence()
              ? List.of(columns.length)
              : shape(input, IntStream.of(columns).map(width).sum());
      if (options.masking().on() && !input.sequence()) {
        inputs.add(Field.sequence(input.name(), ElementType.FLOAT64, steps(shape)));
        continue;
      }
      inputs.add(new Field(input.name(), ElementType.FLOAT64, shape, input.sequence()));
    }
    List<Field> labels = new ArrayList<>();
    for (int i = 0; i < outputs().size(); i++) {
      boolean classes = options.labelKinds().get(i) == CsvOptions.LabelKind.CLASS;
      String plain = classes ? "class" : "targets";
      String name = options.outputs().isEmpty() ? plain : options.outputs().get(i).name();
      labels.add(
          classes
              ? Field.of(name, ElementType.INT32)
              : Field.of(
                  name, ElementType.FLOAT64, IntStream.of(outputs().get(i)).map(width).sum()));
    }
    return new Schema(inputs, labels, weight >= 0, false);
  }

  /** Number of the column of that name, or of that number; -1 if there is none. */
  private int number(String wanted) {
    int column = header.indexOf(wanted);
    if (column < 0 && wanted.matches("\\d{1,9}")) {
      column = Integer.parseInt(wanted);
    }
    return column < header.size() ? column : -1;
  }

  private List<Integer> shape(TableInput input, int features) {
    if (input.shape().isEmpty()) {
      return List.of(features);
    }
    long values = 1;
    for (int extent : input.shape()) {
      values = Math.min(Integer.MAX_VALUE, values * extent);
    }
    if (values != features) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "%s %,d feature columns, which cannot be shaped as %s.",
              options.inputs().isEmpty() ? "there are" : "input " + input.name() + " has",
              features,
              input.shape()));
    }
    return input.shape();
  }

  /** Features of a time step of padded sequences, of which some steps are to be left out. */
  private int steps(List<Integer> shape) {
    if (shape.size() != 2) {
      throw wrong(
          "masking leaves out time steps, but examples have the shape %s. Say which numbers are a"
                  .formatted(shape)
              + " step: shape: [time, features].");
    }
    return shape.get(1);
  }

  /** Names of some columns. */
  public List<String> names(int... columns) {
    return Arrays.stream(columns).mapToObj(header::get).toList();
  }

  /** A column in a message: its name in quotes, or its number. */
  public String describe(int column) {
    String name = header.get(column);
    return name.equals(String.valueOf(column)) ? name : "'" + name + "'";
  }

  private InputException wrong(String problem) {
    return new InputException(file + ": " + problem);
  }
}
