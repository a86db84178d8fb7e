package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.normalize.ColumnRules;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a CSV file is to be understood.
 *
 * <p>A column is named as in the header, or by its number counted from 0; if a header holds such a
 * name, the name wins.
 *
 * @param labels the label column; several only for numbers to be predicted
 * @param labelKind what the labels are
 * @param features feature columns in the order in which the network sees them; empty for all
 *     columns but the labels
 * @param classes class names in label order; empty to collect and sort them from the file (as
 *     numbers if all are numbers)
 * @param dialect how the values are written down
 * @param header whether the first line holds names
 * @param shape of one example, such as {@code [1, 28, 28]} for an image; empty for {@code
 *     [features]}
 * @param reconstruct whether targets may be features too, for networks that are to reproduce their
 *     input; then without labels the targets are all features
 * @param weight column with each example's weight, which is no feature
 * @param inputs of a network that has several, in place of features and shape; else empty
 * @param outputs of a network that has several, in place of labels and classes; else empty
 * @param masking which time steps are none
 * @param exclude columns that are no features, where all others are
 * @param columns what is said of columns
 */
public record CsvOptions(
    List<String> labels,
    LabelKind labelKind,
    List<String> features,
    List<String> classes,
    CsvDialect dialect,
    boolean header,
    List<Integer> shape,
    boolean reconstruct,
    Weight weight,
    List<TableInput> inputs,
    List<TableOutput> outputs,
    Masking masking,
    List<String> exclude,
    ColumnRules columns)
    implements Serializable {
  /** What the labels are. */
  public enum LabelKind {
    /** The name of a class. */
    CLASS,
    /** Numbers to be predicted. */
    NUMBER
  }

  /**
   * The column of weights.
   *
   * @param column empty for none: all examples count alike
   * @param optional whether a file without the column is understood as one without weights
   */
  public record Weight(String column, boolean optional) implements Serializable {
    /** No weights. */
    public static final Weight NONE = new Weight("", true);

    /** Whether there may be weights. */
    public boolean named() {
      return !column.isEmpty();
    }
  }

  /**
   * Which time steps of padded sequences are none, and are left out wherever they stand.
   *
   * @param on whether there are such
   * @param value that all features of such a step have, as 32-bit numbers
   */
  public record Masking(boolean on, double value) implements Serializable {
    /** All steps are there. */
    public static final Masking NONE = new Masking(false, 0);

    /** What is wrong with an example that has no step. */
    String nothing() {
      return "no time step is there: in all of them each feature is %s, which is masked. Leave out the row."
          .formatted(value == Math.rint(value) ? String.valueOf((long) value) : "" + value);
    }
  }

  /**
   * @throws InputException if the options contradict each other
   */
  public CsvOptions {
    labels = List.copyOf(labels);
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    exclude = List.copyOf(exclude);
    checkNames(inputs, outputs);
    if (!inputs.isEmpty() && (!features.isEmpty() || !shape.isEmpty())) {
      throw new InputException("CSV: name the columns under inputs or under features, not both.");
    }
    if (!outputs.isEmpty() && (!labels.isEmpty() || !classes.isEmpty())) {
      throw new InputException(
          "CSV: say what is to be learnt under outputs or by label and targets, not both.");
    }
    if (reconstruct && (!inputs.isEmpty() || !outputs.isEmpty())) {
      throw new InputException(
          "CSV: reconstruct is for one input and one output; name no inputs and outputs with it.");
    }
    if (labels.isEmpty() && outputs.isEmpty() && !reconstruct) {
      throw new InputException("CSV: name the label column.");
    }
    if (labelKind == LabelKind.CLASS && labels.size() > 1) {
      throw new InputException(
          "CSV: classes need one label column, not "
              + labels.size()
              + ". Several are possible for numbers to be predicted.");
    }
    if (labelKind == LabelKind.NUMBER && !classes.isEmpty()) {
      throw new InputException("CSV: numbers to be predicted have no classes; leave them out.");
    }
    if (classes.stream().distinct().count() < classes.size()) {
      throw new InputException("CSV: a class is named twice in " + Labels.abbreviate(classes));
    }
    if (!exclude.isEmpty() && !features.isEmpty()) {
      throw new InputException(
          "CSV: columns that are named under features need no exclude; give one of them.");
    }
    if (weight.named()
        && (labels.contains(weight.column())
            || features.contains(weight.column())
            || inputs.stream().anyMatch(it -> it.columns().contains(weight.column()))
            || outputs.stream().anyMatch(it -> it.columns().contains(weight.column())))) {
      throw new InputException(
          "CSV: column '%s' holds weights; it cannot be a feature or a label too."
              .formatted(weight.column()));
    }
    for (int extent : shape) {
      if (extent < 1) {
        throw new InputException("CSV: " + shape + " is not a shape; all extents must be above 0.");
      }
    }
  }

  /** With one input and one output, which need no names. */
  public CsvOptions(
      List<String> labels,
      LabelKind labelKind,
      List<String> features,
      List<String> classes,
      char delimiter,
      boolean header,
      List<Integer> shape,
      boolean reconstruct,
      Weight weight) {
    this(
        labels,
        labelKind,
        features,
        classes,
        delimiter,
        header,
        shape,
        reconstruct,
        weight,
        List.of(),
        List.of());
  }

  /** With all time steps that there are. */
  public CsvOptions(
      List<String> labels,
      LabelKind labelKind,
      List<String> features,
      List<String> classes,
      char delimiter,
      boolean header,
      List<Integer> shape,
      boolean reconstruct,
      Weight weight,
      List<TableInput> inputs,
      List<TableOutput> outputs) {
    this(
        labels,
        labelKind,
        features,
        classes,
        CsvDialect.of(delimiter),
        header,
        shape,
        reconstruct,
        weight,
        inputs,
        outputs,
        Masking.NONE,
        List.of(),
        ColumnRules.NONE);
  }

  /** The same without the time steps whose features all have {@code value}. */
  public CsvOptions masked(double value) {
    return with(features, shape, inputs, outputs, new Masking(true, value));
  }

  private static void checkNames(List<TableInput> inputs, List<TableOutput> outputs) {
    List<String> names =
        Stream.concat(
                inputs.stream().map(TableInput::name), outputs.stream().map(TableOutput::name))
            .toList();
    for (String name : names) {
      if (names.indexOf(name) != names.lastIndexOf(name)) {
        throw new InputException("CSV: two inputs or outputs are called " + name + ".");
      }
    }
    if (inputs.stream().filter(it -> it.columns().isEmpty()).count() > 1) {
      throw new InputException(
          "CSV: only one input can have all columns that nothing else names; name those of the"
              + " others.");
    }
  }

  /** All inputs, also the one that has no name of its own. */
  List<TableInput> allInputs() {
    return inputs.isEmpty()
        ? List.of(new TableInput("features", features, shape, true, false))
        : inputs;
  }

  /** Whether the input of that name is normalised as the plan says. */
  public boolean normalizes(String input) {
    return inputs.stream().filter(it -> it.name().equals(input)).allMatch(TableInput::normalized);
  }

  /** The kind of labels of each output. */
  List<LabelKind> labelKinds() {
    return outputs.isEmpty()
        ? List.of(labelKind)
        : outputs.stream().map(TableOutput::kind).toList();
  }

  /** The classes of each output in label order; empty lists to collect them. */
  List<List<String>> allClasses() {
    return outputs.isEmpty()
        ? List.of(classes)
        : outputs.stream().map(TableOutput::classes).toList();
  }

  /** Classes named in {@code label}, all other columns being features; commas, with a header. */
  public static CsvOptions classes(String label) {
    return of(List.of(label), LabelKind.CLASS);
  }

  /** Numbers to be predicted, all other columns being features; commas, with a header. */
  public static CsvOptions numbers(String... labels) {
    return of(List.of(labels), LabelKind.NUMBER);
  }

  /** All columns to be reproduced by a network that sees them all; commas, with a header. */
  public static CsvOptions reconstruction() {
    return new CsvOptions(
        List.of(), LabelKind.NUMBER, List.of(), List.of(), ',', true, List.of(), true, Weight.NONE);
  }

  private static CsvOptions of(List<String> labels, LabelKind kind) {
    return new CsvOptions(
        labels, kind, List.of(), List.of(), ',', true, List.of(), false, Weight.NONE);
  }

  /** Of a table for a network with several outputs, all other columns being features. */
  public static CsvOptions outputs(TableOutput... outputs) {
    return new CsvOptions(
        List.of(),
        LabelKind.NUMBER,
        List.of(),
        List.of(),
        ',',
        true,
        List.of(),
        false,
        Weight.NONE,
        List.of(),
        List.of(outputs));
  }

  /** The same for a network with several inputs. */
  public CsvOptions withInputs(List<TableInput> others) {
    return others.isEmpty()
        ? with(features, shape, others, outputs, masking)
        : with(List.of(), List.of(), others, outputs, masking);
  }

  /** The same for a network with these outputs, which has several already. */
  public CsvOptions withOutputs(List<TableOutput> others) {
    return with(features, shape, inputs, others, masking);
  }

  private CsvOptions with(
      List<String> otherFeatures,
      List<Integer> otherShape,
      List<TableInput> otherInputs,
      List<TableOutput> otherOutputs,
      Masking otherMasking) {
    return new CsvOptions(
        labels,
        labelKind,
        otherFeatures,
        classes,
        dialect,
        header,
        otherShape,
        reconstruct,
        weight,
        otherInputs,
        otherOutputs,
        otherMasking,
        otherFeatures.isEmpty() ? exclude : List.of(),
        columns);
  }

  private CsvOptions with(
      List<String> otherFeatures, List<String> otherClasses, List<Integer> otherShape) {
    return new CsvOptions(
        labels,
        labelKind,
        otherFeatures,
        otherClasses,
        dialect,
        header,
        otherShape,
        reconstruct,
        weight,
        inputs,
        outputs,
        masking,
        otherFeatures.isEmpty() ? exclude : List.of(),
        columns);
  }

  /** The same with these feature columns. */
  public CsvOptions withFeatures(String... columns) {
    return with(List.of(columns), classes, shape);
  }

  /** The same with these classes, in label order. */
  public CsvOptions withClasses(List<String> names) {
    return with(features, names, shape);
  }

  /** The same with examples of this shape. */
  public CsvOptions withShape(Integer... extents) {
    return with(features, classes, List.of(extents));
  }

  private CsvOptions with(
      CsvDialect otherDialect,
      boolean otherHeader,
      Weight otherWeight,
      List<String> others,
      ColumnRules otherColumns) {
    return new CsvOptions(
        labels,
        labelKind,
        features,
        classes,
        otherDialect,
        otherHeader,
        shape,
        reconstruct,
        otherWeight,
        inputs,
        outputs,
        masking,
        others,
        otherColumns);
  }

  /** The same with another delimiter. */
  public CsvOptions withDelimiter(char other) {
    return with(dialect.withDelimiter(String.valueOf(other)));
  }

  /** The same written in another dialect. */
  public CsvOptions with(CsvDialect other) {
    return with(other, header, weight, exclude, columns);
  }

  /** The same for a file whose first line is data. */
  public CsvOptions withoutHeader() {
    return with(dialect, false, weight, exclude, columns);
  }

  /** The same with the weights of examples in a column. */
  public CsvOptions withWeight(Weight column) {
    return with(dialect, header, column, exclude, columns);
  }

  /** The same without these columns, where all that nothing names are features. */
  public CsvOptions without(List<String> others) {
    return with(dialect, header, weight, others, columns);
  }

  /** The same with what is said of columns. */
  public CsvOptions with(ColumnRules rules) {
    return with(dialect, header, weight, exclude, rules);
  }

  /**
   * The same for a table of other examples: with the classes of those that are known, columns by
   * name if there are names, and weights only if they are there.
   *
   * @param columns names of the known feature columns, in order; empty if they are unknown
   */
  public CsvOptions like(Labels known, List<String> columns) {
    CsvOptions same = withWeight(new Weight(weight.column(), true));
    if (header && !columns.isEmpty()) {
      same =
          inputs.isEmpty()
              ? same.withFeatures(columns.toArray(String[]::new))
              : same.withInputs(filled(columns));
    }
    if (!outputs.isEmpty()
        && known.names().equals(outputs.stream().map(TableOutput::name).toList())) {
      List<TableOutput> others = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        others.add(
            known.each().get(i) instanceof Labels.Classes classes
                    && outputs.get(i).kind() == LabelKind.CLASS
                ? outputs.get(i).withClasses(classes.names())
                : outputs.get(i));
      }
      return same.withOutputs(others);
    }
    return known instanceof Labels.Classes && labelKind == LabelKind.CLASS
        ? same.withClasses(known.names())
        : same;
  }

  /** The inputs, of which the one that has all other columns gets those that it had in training. */
  private List<TableInput> filled(List<String> columns) {
    int named = inputs.stream().mapToInt(it -> it.columns().size()).sum();
    List<TableInput> all = new ArrayList<>();
    int at = 0;
    for (TableInput input : inputs) {
      boolean rest = input.columns().isEmpty() && columns.size() > named;
      int count = rest ? columns.size() - named : input.columns().size();
      int to = Math.min(columns.size(), at + count);
      all.add(rest ? input.withColumns(columns.subList(at, to)) : input);
      at = to;
    }
    return all;
  }
}
