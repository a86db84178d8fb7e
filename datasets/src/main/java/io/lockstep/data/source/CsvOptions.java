package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.io.Serializable;
import java.util.List;

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
 * @param delimiter between values, such as {@code ,} {@code ;} or a tab
 * @param header whether the first line holds names
 * @param shape of one example, such as {@code [1, 28, 28]} for an image; empty for {@code
 *     [features]}
 * @param reconstruct whether targets may be features too, for networks that are to reproduce their
 *     input; then without labels the targets are all features
 * @param weight column with each example's weight, which is no feature
 */
public record CsvOptions(
    List<String> labels,
    LabelKind labelKind,
    List<String> features,
    List<String> classes,
    char delimiter,
    boolean header,
    List<Integer> shape,
    boolean reconstruct,
    Weight weight)
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
   * @throws InputException if the options contradict each other
   */
  public CsvOptions {
    labels = List.copyOf(labels);
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
    if (labels.isEmpty() && !reconstruct) {
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
    if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new InputException("CSV: a quote or line end cannot be the delimiter.");
    }
    if (weight.named()
        && (labels.contains(weight.column()) || features.contains(weight.column()))) {
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

  /** The same with these feature columns. */
  public CsvOptions withFeatures(String... columns) {
    return new CsvOptions(
        labels,
        labelKind,
        List.of(columns),
        classes,
        delimiter,
        header,
        shape,
        reconstruct,
        weight);
  }

  /** The same with these classes, in label order. */
  public CsvOptions withClasses(List<String> names) {
    return new CsvOptions(
        labels, labelKind, features, names, delimiter, header, shape, reconstruct, weight);
  }

  /** The same with another delimiter. */
  public CsvOptions withDelimiter(char other) {
    return new CsvOptions(
        labels, labelKind, features, classes, other, header, shape, reconstruct, weight);
  }

  /** The same for a file whose first line is data. */
  public CsvOptions withoutHeader() {
    return new CsvOptions(
        labels, labelKind, features, classes, delimiter, false, shape, reconstruct, weight);
  }

  /** The same with examples of this shape. */
  public CsvOptions withShape(Integer... extents) {
    return new CsvOptions(
        labels,
        labelKind,
        features,
        classes,
        delimiter,
        header,
        List.of(extents),
        reconstruct,
        weight);
  }

  /**
   * The same for a table of other examples: with the classes of those that are known, columns by
   * name if there are names, and weights only if they are there.
   *
   * @param columns names of the known feature columns, in order; empty if they are unknown
   */
  public CsvOptions like(Labels known, List<String> columns) {
    CsvOptions same =
        header && !columns.isEmpty() ? withFeatures(columns.toArray(String[]::new)) : this;
    same = same.withWeight(new Weight(weight.column(), true));
    return known instanceof Labels.Classes && labelKind == LabelKind.CLASS
        ? same.withClasses(known.names())
        : same;
  }

  /** The same with the weights of examples in a column. */
  public CsvOptions withWeight(Weight column) {
    return new CsvOptions(
        labels, labelKind, features, classes, delimiter, header, shape, reconstruct, column);
  }
}
