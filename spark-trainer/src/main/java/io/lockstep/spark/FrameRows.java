package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.csv.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/**
 * The rows of a data set with columns. Values in structures are columns of their own, by their
 * paths; columns that nobody looks at are not read.
 */
final class FrameRows implements Rows<Row> {
  /** Whose order is taken if rows have no ids. */
  enum Order {
    /** That of partitions and of rows in them; whoever hands over the data set answers for it. */
    AS_IT_IS,
    /** That of files and of rows in them. */
    OF_FILES
  }

  private final Dataset<Row> frame;
  private final Order order;
  private final List<FrameColumn> columns;

  private FrameRows(Dataset<Row> frame, Order order) {
    this.frame = frame;
    this.order = order;
    columns = FrameColumn.of(frame.schema());
  }

  static FrameRows of(Dataset<Row> frame, Order order) {
    return new FrameRows(frame, order);
  }

  @Override
  public JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext());
  }

  @Override
  public List<String> columns() {
    return columns.stream().map(FrameColumn::name).toList();
  }

  @Override
  public List<String> structures() {
    return columns.stream().filter(FrameColumn::isStructure).map(FrameColumn::name).toList();
  }

  @Override
  public List<String> outer() {
    return columns.stream().filter(FrameColumn::isOuter).map(FrameColumn::name).toList();
  }

  @Override
  public List<DataType> types() {
    return columns.stream().map(FrameColumn::type).toList();
  }

  @Override
  public int width(int column) {
    FrameColumn own = columns.get(column);
    if (own.kind() == FrameColumn.Kind.VALUE) {
      return 1;
    }
    List<Row> first =
        frame
            .select(own.in(frame).as("cell"))
            .where(functions.col("cell").isNotNull())
            .limit(1)
            .collectAsList();
    return !first.isEmpty() && own.kind().cell(first.get(0).get(0)) instanceof double[] numbers
        ? numbers.length
        : 1;
  }

  @Override
  public Laid<Row> laid(Wish wish) {
    NavigableSet<Integer> read = new TreeSet<>(wish.columns());
    List.of(wish.id(), wish.last()).stream().filter(column -> column >= 0).forEach(read::add);
    var cells = new FrameCells(columns, read);
    List<Column> selected = new ArrayList<>();
    for (int column : read) {
      selected.add(columns.get(column).in(frame).as(FrameCells.name(column)));
    }
    Dataset<Row> chosen = frame.select(selected.toArray(Column[]::new));
    if (wish.id() < 0 && order == Order.OF_FILES) {
      return ofFiles(wish, chosen, cells);
    }
    JavaRDD<Row> rows;
    if (wish.last() < 0) {
      rows = arranged(chosen, wish);
    } else {
      Column last =
          functions.coalesce(
              functions.col(FrameCells.name(wish.last())).cast("boolean"), functions.lit(false));
      rows =
          arranged(chosen.where(functions.not(last)), wish)
              .union(arranged(chosen.where(last), wish));
    }
    return laid(rows, cells, Splits.of(wish.name(), rows.getNumPartitions()));
  }

  private static JavaRDD<Row> arranged(Dataset<Row> chosen, Wish wish) {
    return wish.id() < 0
        ? chosen.javaRDD()
        : ById.arranged(chosen, FrameCells.name(wish.id())).javaRDD();
  }

  private static Laid<Row> ofFiles(Wish wish, Dataset<Row> chosen, FrameCells cells) {
    FileOrder ordered =
        FileOrder.of(chosen.javaRDD(), wish.name())
            .orElseThrow(
                () ->
                    new InputException(
                        """
                        %s: its rows come in no order that could be repeated, since Spark does more \
                        than read files. Name with id: a column whose values are different in all \
                        rows.\
                        """
                            .formatted(wish.name())));
    return laid(ordered.rows(), cells, ordered.splits());
  }

  private static Laid<Row> laid(JavaRDD<Row> rows, FrameCells cells, List<SourceSplit> splits) {
    RowTable.Cells<Row> raw = cells::raw;
    return new Laid<>(ReadableRows.of(rows, splits), cells, raw, splits);
  }
}
