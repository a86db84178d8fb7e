package io.lockstep.spark;

import io.lockstep.data.source.csv.RowTable;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import org.apache.spark.sql.Row;

/** The cells of rows of which only some columns were read, by the numbers of all columns. */
final class FrameCells implements RowTable.Cells<Row> {
  private static final long serialVersionUID = 1L;

  private final int[] places; // of each column in a row; -1 if it was not read
  private final FrameColumn.Kind[] kinds;

  /**
   * @param read numbers of the columns that were read, in the order of the rows
   */
  FrameCells(List<FrameColumn> columns, NavigableSet<Integer> read) {
    places = new int[columns.size()];
    Arrays.fill(places, -1);
    int place = 0;
    for (int column : read) {
      places[column] = place++;
    }
    kinds = columns.stream().map(FrameColumn::kind).toArray(FrameColumn.Kind[]::new);
  }

  /** What a column that was read is called meanwhile, since names may come twice. */
  static String name(int column) {
    return "c" + column;
  }

  @Override
  public Object cell(Row row, int column) {
    return kinds[column].cell(raw(row, column));
  }

  /** The cell as Spark has it. */
  Object raw(Row row, int column) {
    return row.get(places[column]);
  }
}
