package io.lockstep.app;

import io.lockstep.data.source.Example;
import io.lockstep.spark.RddSource;
import io.lockstep.spark.ScalaCollections;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Data sets of Spark as examples to train, test and evaluate with.
 *
 * <pre>{@code
 * Training.of(plan).train(Examples.of(frame).label("side")).test(Examples.of(later).label("side"));
 * }</pre>
 *
 * <p>An example is known by its partition and its row in it. So both must be the same whenever a
 * partition is computed, as {@link RddSource} tells; the result is then that of a CSV file with the
 * same rows, bit for bit.
 */
public final class Examples {
  private Examples() {}

  /**
   * The rows of a data set. Features and targets are numbers, or arrays of them of one length; a
   * label is text, a whole number or a yes or no. A null in a column that is used is an error.
   */
  public static RddSource<Row> of(Dataset<Row> rows) {
    StructType schema = rows.schema();
    List<Integer> arrays =
        IntStream.range(0, schema.size())
            .filter(column -> schema.fields()[column].dataType() instanceof ArrayType)
            .boxed()
            .toList();
    var columns =
        new RddSource.Rows<Row>(
            List.of(schema.names()),
            arrays,
            Examples::cell,
            Row::get,
            Arrays.stream(schema.fields()).map(StructField::dataType).toList());
    return RddSource.of(rows.javaRDD(), columns);
  }

  private static Object cell(Row row, int column) {
    Object cell = row.get(column);
    if (!(cell instanceof scala.collection.Iterable<?> values)) {
      return cell;
    }
    List<?> numbers = ScalaCollections.list(values);
    return numbers.stream().allMatch(Number.class::isInstance)
        ? numbers.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray()
        : numbers;
  }

  /**
   * Examples that a program made, with the columns {@code features}, {@code label} or {@code
   * targets}, and {@code weight}; what is to be learnt follows from the first of them. Weights
   * count after {@code weight("weight")}.
   *
   * @throws io.lockstep.data.InputException if there is none
   */
  public static RddSource<Example> of(JavaRDD<Example> examples) {
    List<Example> first = examples.take(1);
    boolean classes = first.isEmpty() || first.get(0).label() != null;
    var columns =
        new RddSource.Rows<Example>(
            List.of("features", classes ? "label" : "targets", "weight"),
            List.of(0, 1),
            Examples::cell);
    RddSource<Example> source = RddSource.of(examples, columns);
    return (classes ? source.label("label") : source.targets("targets")).features("features");
  }

  /** As {@link #of(JavaRDD)}. */
  public static RddSource<Example> of(RDD<Example> examples) {
    return of(examples.toJavaRDD());
  }

  private static Object cell(Example example, int column) {
    return switch (column) {
      case 0 -> example.features();
      case 1 -> example.label() != null ? example.label() : example.targets();
      default -> example.weight();
    };
  }
}
