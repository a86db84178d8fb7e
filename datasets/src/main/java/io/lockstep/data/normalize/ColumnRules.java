package io.lockstep.data.normalize;

import io.lockstep.data.normalize.Column.Gap;
import io.lockstep.data.normalize.Column.Scale;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is said of the columns of a table. Features that no rule names are numbers, none of which
 * may be missing.
 *
 * @param rules the first that names a column decides
 * @param otherwise how numbers are scaled that no rule names
 */
public record ColumnRules(List<Rule> rules, Scale otherwise) implements Serializable {
  /** Nothing is said. */
  public static final ColumnRules NONE = new ColumnRules(List.of(), Scale.NONE);

  public ColumnRules {
    rules = List.copyOf(rules);
  }

  /**
   * One rule.
   *
   * @param columns names, numbers, ranges or patterns
   * @param column what is to be made of them
   */
  public record Rule(List<String> columns, Column column) implements Serializable {
    public Rule {
      columns = List.copyOf(columns);
    }
  }

  /** That columns are what they were. */
  public static ColumnRules exactly(List<Column> columns) {
    return new ColumnRules(
        columns.stream().map(it -> new Rule(List.of(it.name()), it)).toList(), Scale.NONE);
  }

  /** The same after others, which decide first. */
  public ColumnRules after(ColumnRules first) {
    return new ColumnRules(Stream.concat(first.rules.stream(), rules.stream()).toList(), otherwise);
  }

  /** Whether nothing is said. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** What a column is of which nothing is said. */
  public Column other(String name, boolean scaled) {
    return new Column(name, new Column.Numbers(scaled ? otherwise : Scale.NONE, false), Gap.FAIL);
  }
}
