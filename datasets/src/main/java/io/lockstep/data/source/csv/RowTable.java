package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table that a program holds in parts, such as the partitions of a data set: the rows of part 0
 * come first, then those of part 1. With the same rows it is the same source as a CSV file.
 *
 * @param name for messages
 * @param options which columns are features, labels and weights; delimiter and header mean nothing
 * @param header names of all columns
 * @param widths values of each column in a row: 1, or the length of its arrays
 * @param how it is read to be scored
 * @param badRecords what becomes of rows that cannot be used
 * @param id column of the rows' ids, by which they are sorted within each part; empty for none
 */
public record RowTable(
    String name,
    CsvOptions options,
    List<String> header,
    List<Integer> widths,
    ToScore how,
    BadRecords badRecords,
    String id)
    implements Serializable {
  /** The column of rows that could not be parsed, as Spark has it; null in those that could. */
  public static final String BROKEN = "_corrupt_record";

  /**
   * @throws InputException if there is no column of the ids
   */
  public RowTable {
    header = List.copyOf(header);
    widths = List.copyOf(widths);
    if (!id.isEmpty() && !header.contains(id)) {
      throw new InputException(
          "%s: there is no column '%s' with ids. Columns are: %s."
              .formatted(name, id, Labels.abbreviate(header)));
    }
  }

  /** A table of which it is not known yet how many values its cells have. */
  public RowTable(
      String name,
      CsvOptions options,
      List<String> header,
      ToScore how,
      BadRecords badRecords,
      String id) {
    this(name, options, header, Collections.nCopies(header.size(), 1), how, badRecords, id);
  }

  /** The same with as many values in the cells of each column. */
  public RowTable withWidths(List<Integer> others) {
    return new RowTable(name, options, header, others, how, badRecords, id);
  }

  /** The same understood otherwise. */
  public RowTable with(CsvOptions others) {
    return new RowTable(name, others, header, widths, how, badRecords, id);
  }

  /** The columns that are looked at, by number. */
  public NavigableSet<Integer> used() {
    CsvColumns columns = columns();
    NavigableSet<Integer> used = new TreeSet<>();
    IntStream.of(columns.features()).forEach(used::add);
    IntStream.of(columns.labels()).forEach(used::add);
    IntStream.of(passed().numbers()).forEach(used::add);
    IntStream.of(columns.weight(), header.indexOf(id), header.indexOf(BROKEN))
        .filter(column -> column >= 0)
        .forEach(used::add);
    return used;
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
   * The layout of a table.
   *
   * @param splits its parts
   * @throws InputException if a column is not there, or cannot be what it was said to be
   */
  public SourceLayout layout(List<SourceSplit> splits) {
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
    return new SourceLayout(
            splits,
            columns.schema(widths::get),
            header,
            columns.names(columns.features()),
            targets(columns),
            0)
        .encoding(kinds(columns))
        .passing(passed().names());
  }

  /** What is to be made of each value of the features; empty if nothing is said of any column. */
  private List<Column> kinds(CsvColumns columns) {
    List<Column> each = columns.kinds();
    int[] features = columns.features();
    List<Column> kinds = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      int width = widths.get(features[i]);
      if (width > 1 && each.get(i).isWords()) {
        throw new InputException(
            "%s: column %s holds arrays, which are no categories."
                .formatted(name, columns.describe(features[i])));
      }
      if (each.get(i).content() instanceof Column.Dates) {
        throw new InputException(
            "%s: column %s: dates are read of csv only. Make a number of it, such as with unix_timestamp, or leave it out with exclude."
                .formatted(name, columns.describe(features[i])));
      }
      kinds.addAll(Collections.nCopies(width, each.get(i)));
    }
    return kinds;
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
    CsvColumns all = new CsvColumns(name, counted(), header, false);
    return how.on() ? all.toScore(how) : all;
  }

  /** The options, by which neither ids nor rows that could not be parsed are features. */
  private CsvOptions counted() {
    if (!options.features().isEmpty()) {
      return options;
    }
    List<String> no = new ArrayList<>(options.exclude());
    Stream.of(id, BROKEN).filter(header::contains).forEach(no::add);
    return options.without(no);
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
