package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.util.List;

/**
 * One of several inputs of a network, as columns of a table.
 *
 * @param name as the network calls it
 * @param columns in the order in which the network sees them; empty for all that nothing else names
 * @param shape of an example, such as {@code [12, 1]} for 12 time steps of one number; empty for a
 *     row
 * @param normalized whether it is normalised as the plan says; not, if it holds ids
 * @param sequence whether each cell is an array with the numbers of all time steps, whose count may
 *     differ from example to example; a time step is then {@code [columns]}
 */
public record TableInput(
    String name, List<String> columns, List<Integer> shape, boolean normalized, boolean sequence)
    implements Serializable {
  /**
   * @throws InputException if it has no name, a wrong shape, or a shape beside a sequence
   */
  public TableInput {
    columns = List.copyOf(columns);
    shape = List.copyOf(shape);
    if (name.isEmpty()) {
      throw new InputException("an input needs a name, that of the network's input");
    }
    if (shape.stream().anyMatch(extent -> extent < 1)) {
      throw new InputException(
          "input %s: %s is not a shape; all extents must be above 0.".formatted(name, shape));
    }
    if (sequence && (!shape.isEmpty() || columns.isEmpty())) {
      throw new InputException(
          "input %s: a sequence needs its columns by name, and has no shape".formatted(name));
    }
  }

  /** A row of numbers; of all columns that nothing else names if none is given. */
  public static TableInput of(String name, String... columns) {
    return new TableInput(name, List.of(columns), List.of(), true, false);
  }

  /** A sequence whose time steps have a number of each column; its cells are arrays. */
  public static TableInput sequence(String name, String... columns) {
    return new TableInput(name, List.of(columns), List.of(), true, true);
  }

  /** The same with examples of this shape. */
  public TableInput shape(Integer... extents) {
    return new TableInput(name, columns, List.of(extents), normalized, sequence);
  }

  /** The same as it stands in the table, whatever the plan does to other inputs. */
  public TableInput asItIs() {
    return new TableInput(name, columns, shape, false, sequence);
  }

  TableInput withColumns(List<String> others) {
    return new TableInput(name, others, shape, normalized, sequence);
  }
}
