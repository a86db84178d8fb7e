package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The classes that the splits of a table name, put in order: as numbers if all are, so that 10
 * comes after 9; else by character. In a column of numbers {@code 1} and {@code 1.0} are one class.
 *
 * @param path of the table, for messages
 * @param column that the names stand in
 * @param given names in label order; empty to take those that are found
 * @param reports of the splits
 * @param output whose labels they are
 */
public record ClassNames(
    String path, String column, List<String> given, List<SplitReport> reports, int output) {
  /** The classes of the only output. */
  public ClassNames(String path, String column, List<String> given, List<SplitReport> reports) {
    this(path, column, given, reports, 0);
  }

  /** A column with more numbers than this, most of them different, is not one of classes. */
  private static final int FEW = 20;

  /** More distinct labels than any network here could have outputs for. */
  static final int MOST = 100_000;

  /** What is wrong with more labels than that. */
  public static String tooMany() {
    return String.format(
        Locale.ROOT,
        "more than %,d different labels. Numbers to be predicted go under targets: [...]; else"
            + " choose another label column.",
        MOST);
  }

  /** Whether {@code name} is one of the classes; among numbers {@code 1.0} is {@code 1}. */
  static boolean isAmong(List<String> classes, String name) {
    if (classes.contains(name)) {
      return true;
    }
    return Numbers.areNumbers(classes)
        && Numbers.isNumber(name)
        && classes.stream().map(Numbers::shortest).toList().contains(Numbers.shortest(name));
  }

  /** The source with its classes, if they are all that is to be learnt. */
  public Settled settle(SourceLayout layout) {
    return Settled.of(layout, named(), ids(), true).withLabels(labels());
  }

  private List<String> found(SplitReport report) {
    return report.outputs().get(output).classes();
  }

  private boolean numeric() {
    return reports.stream().allMatch(each -> found(each).stream().allMatch(Numbers::isNumber))
        && given.stream().allMatch(Numbers::isNumber);
  }

  private UnaryOperator<String> same() {
    return numeric() ? Numbers::shortest : UnaryOperator.identity();
  }

  /** The reports with one name for each class. */
  public List<SplitReport> named() {
    UnaryOperator<String> same = same();
    return reports.stream().map(report -> renamed(report, same)).toList();
  }

  /** The classes by the names that {@link #named} has for them, in label order. */
  public Labels.Classes ids() {
    if (!given.isEmpty()) {
      return new Labels.Classes(given.stream().map(same()).toList());
    }
    Labels.Classes found = new Labels.Classes(names(named(), numeric()));
    check(found.names(), numeric());
    return found;
  }

  /** The classes as they are called, in label order. */
  public Labels.Classes labels() {
    return given.isEmpty() ? ids() : new Labels.Classes(given);
  }

  private SplitReport renamed(SplitReport report, UnaryOperator<String> same) {
    List<SplitReport.LabelsFound> outputs = new ArrayList<>(report.outputs());
    SplitReport.LabelsFound own = outputs.get(output);
    outputs.set(
        output,
        new SplitReport.LabelsFound(own.classes().stream().map(same).toList(), own.range()));
    return report.with(outputs);
  }

  private List<String> names(List<SplitReport> named, boolean numeric) {
    Set<String> names =
        new TreeSet<>(
            numeric
                ? Comparator.comparingDouble(Double::parseDouble)
                    .thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder());
    named.forEach(report -> names.addAll(found(report)));
    return List.copyOf(names);
  }

  private void check(List<String> names, boolean numeric) {
    long examples = reports.stream().mapToLong(SplitReport::examples).sum();
    if (names.size() == 1) {
      throw new InputException(
          "%s: column '%s' holds only the class '%s', of which nothing can be learned. Give examples"
                  .formatted(path, column, names.get(0))
              + " of at least two classes, or name them with classes: [...] if the others come"
              + " later.");
    }
    boolean numbers =
        numeric && names.size() > FEW && names.stream().anyMatch(name -> name.contains("."));
    if (numbers && names.size() > examples / 2) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: column '%s' under label holds %,d different numbers in %,d rows. Numbers to be"
                  + " predicted go under targets: [%s]; if they are classes, name them with"
                  + " classes.",
              path,
              column,
              names.size(),
              examples,
              column));
    }
    if (!numeric && looksMixed(names)) {
      throw new InputException(
          "%s: column '%s' under label holds the same number written as text in several ways beside"
                  .formatted(path, column)
              + " other words (%s). Write each class in one way, or name them with classes."
                  .formatted(Labels.abbreviate(names)));
    }
  }

  /** Whether two of the names are the same number, though others are none. */
  private static boolean looksMixed(List<String> names) {
    List<String> numbers = names.stream().filter(Numbers::isNumber).map(Numbers::shortest).toList();
    return numbers.stream().distinct().count() < numbers.size();
  }
}
