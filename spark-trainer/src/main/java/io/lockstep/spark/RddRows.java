package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.RowTable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.types.DataType;

/**
 * Rows of any kind, in the order in which they lie.
 *
 * @param rows themselves
 * @param columns names of all columns
 * @param arrays numbers of those whose cells may be arrays
 * @param cells what stands in a column of a row
 * @param <T> a row
 */
record RddRows<T>(
    JavaRDD<T> rows, List<String> columns, List<Integer> arrays, RowTable.Cells<T> cells)
    implements Rows<T> {
  @Override
  public JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(rows.context());
  }

  @Override
  public List<String> structures() {
    return List.of();
  }

  @Override
  public List<String> outer() {
    return columns;
  }

  @Override
  public List<DataType> types() {
    return List.of();
  }

  @Override
  public int width(int column) {
    if (!arrays.contains(column)) {
      return 1;
    }
    List<T> first = rows.take(1);
    if (first.isEmpty()) {
      throw new InputException("holds no examples.");
    }
    return cells.cell(first.get(0), column) instanceof double[] numbers ? numbers.length : 1;
  }

  @Override
  public Laid<T> laid(Wish wish) {
    if (wish.id() >= 0 || wish.last() >= 0) {
      throw new InputException(
          "%s: only the rows of a data set with columns have ids; sort the examples instead"
              .formatted(wish.name()));
    }
    RowTable.Cells<T> own = cells;
    return new Laid<>(
        rows,
        own,
        (row, column) -> text(own.cell(row, column)),
        Splits.of(wish.name(), rows.getNumPartitions()));
  }

  private static String text(Object cell) {
    return cell instanceof double[] numbers
        ? Arrays.toString(numbers)
        : cell == null ? null : cell.toString();
  }
}
