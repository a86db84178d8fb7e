package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A table that a program holds in parts, such as the partitions of a data set: the rows of part 0
 * come first, then those of part 1. With the same rows it is the same source as a CSV file.
 *
 * @param name for messages
 * @param options which columns are features, labels and weights; delimiter and header mean nothing
 * @param header names of all columns
 * @param widths values of each column in a row: 1, or the length of its arrays
 * @param how it is read to be scored
 */
public record RowTable(
    String name, CsvOptions options, List<String> header, List<Integer> widths, ToScore how)
    implements Serializable {
  /** A table that is not to be scored. */
  public RowTable(String name, CsvOptions options, List<String> header, List<Integer> widths) {
    this(name, options, header, widths, ToScore.NOT);
  }

  public RowTable {
    header = List.copyOf(header);
    widths = List.copyOf(widths);
  }

  /**
   * A cell of a row.
   *
   * @param <T> rows
   */
  @FunctionalInterface
  public interface Cells<T> extends Serializable {
    /**
     * What stands in a column: a Number, a String, a Boolean, an array of doubles, or null.
     *
     * @param column number in the header
     */
    Object cell(T row, int column);
  }

  /**
   * The layout of a table of {@code parts} parts.
   *
   * @throws InputException if a column is not there, or cannot be what it was said to be
   */
  public SourceLayout layout(int parts) {
    CsvColumns columns = columns();
    for (int output = 0; output < columns.outputs().size(); output++) {
      int column = columns.outputs().get(output)[0];
      if (options.labelKinds().get(output) == CsvOptions.LabelKind.CLASS
          && widths.get(column) != 1) {
        throw new InputException(
            "%s: column %s holds arrays, which are no classes."
                .formatted(name, columns.describe(column)));
      }
    }
    List<SourceSplit> splits = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      splits.add(new SourceSplit(part, "%s partition %d".formatted(name, part), 0, 0));
    }
    return new SourceLayout(
            splits,
            columns.schema(widths::get),
            header,
            columns.names(columns.features()),
            targets(columns),
            0)
        .passing(passed().names());
  }

  /** A name for each value to be predicted. */
  private List<String> targets(CsvColumns columns) {
    List<String> names = new ArrayList<>();
    for (int column : columns.labels()) {
      int width = widths.get(column);
      for (int i = 0; i < width; i++) {
        names.add(width == 1 ? header.get(column) : "%s[%d]".formatted(header.get(column), i));
      }
    }
    return names;
  }

  private CsvColumns columns() {
    CsvColumns all = new CsvColumns(name, options, header, false);
    return how.on() ? all.toScore(how) : all;
  }

  /** The columns that are passed through. */
  public PassedColumns passed() {
    return PassedColumns.of(columns(), how);
  }

  /** Reads the rows of a part. */
  public <T> SplitReader reader(SourceLayout layout, Iterator<T> rows, Cells<T> cells) {
    return reader(layout, rows, cells, cells);
  }

  /**
   * Reads the rows of a part.
   *
   * @param raw cells as they are passed through
   */
  public <T> SplitReader reader(
      SourceLayout layout, Iterator<T> rows, Cells<T> cells, Cells<T> raw) {
    return new RowReader<>(columns(), this, layout.schema(), rows, cells, raw);
  }

  /**
   * Puts together what was found in the parts.
   *
   * @throws InputException if something must be mended; names part, row and column
   */
  public Settled settle(SourceLayout layout, List<SplitReport> reports) {
    new CsvProblems(layout, reports, "row").check();
    return TableSettlement.of(name, options, layout, reports);
  }
}
