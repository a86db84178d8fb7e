package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import java.io.Serializable;
import java.util.List;

/**
 * What one of several outputs of a network is to learn, as columns of a table.
 *
 * @param name as the network calls the output
 * @param kind of its labels
 * @param columns with them; one for classes
 * @param classes names of the classes in label order; empty to collect and sort them
 */
public record TableOutput(String name, LabelKind kind, List<String> columns, List<String> classes)
    implements Serializable {
  /**
   * @throws InputException if its parts contradict each other
   */
  public TableOutput {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
    if (name.isEmpty()) {
      throw new InputException("an output needs a name, that of the network's output");
    }
    if (columns.isEmpty()) {
      throw new InputException("output %s: name its label column or its targets".formatted(name));
    }
    if (kind == LabelKind.CLASS && columns.size() > 1) {
      throw new InputException(
          "output %s: classes need one label column, not %d".formatted(name, columns.size()));
    }
    if (kind == LabelKind.NUMBER && !classes.isEmpty()) {
      throw new InputException("output %s: numbers have no classes".formatted(name));
    }
    if (classes.stream().distinct().count() < classes.size()) {
      throw new InputException("output %s: a class is named twice".formatted(name));
    }
  }

  /** An output that learns the classes named in a column. */
  public static TableOutput label(String name, String column) {
    return new TableOutput(name, LabelKind.CLASS, List.of(column), List.of());
  }

  /** An output that learns the numbers in some columns. */
  public static TableOutput targets(String name, String... columns) {
    return new TableOutput(name, LabelKind.NUMBER, List.of(columns), List.of());
  }

  /** The same with these classes, in label order. */
  public TableOutput classes(String... names) {
    return withClasses(List.of(names));
  }

  TableOutput withClasses(List<String> names) {
    return new TableOutput(name, kind, columns, names);
  }
}
