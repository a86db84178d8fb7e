package io.lockstep.ml;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Where the values of a row go among the columns of a result.
 *
 * @param from of each column of the result: the number of a column of the row; or of an added
 *     value, counted from -1 downwards
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record AddedColumns(int[] from) implements Serializable {
  /**
   * @param added names of the values that are added, in their order; empty for those that are not
   *     wanted
   */
  static AddedColumns of(StructType result, StructType given, String... added) {
    int[] from = new int[result.size()];
    for (int column = 0; column < from.length; column++) {
      String name = result.fields()[column].name();
      from[column] = column < given.size() ? column : 0;
      for (int i = 0; i < added.length; i++) {
        if (column >= given.size() && added[i].equals(name)) {
          from[column] = -1 - i;
        }
      }
    }
    return new AddedColumns(from);
  }

  Row row(Row row, Object... added) {
    Object[] values = new Object[from.length];
    for (int column = 0; column < values.length; column++) {
      values[column] = from[column] >= 0 ? row.get(from[column]) : added[-1 - from[column]];
    }
    return RowFactory.create(values);
  }
}
