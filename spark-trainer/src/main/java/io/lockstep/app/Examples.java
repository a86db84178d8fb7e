package io.lockstep.app;

import io.lockstep.data.source.Example;
import io.lockstep.spark.RddSource;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Data sets of Spark as examples to train, test and evaluate with.
 *
 * <pre>{@code
 * Training.of(plan).train(Examples.of(frame).label("side")).test(Examples.of(later).label("side"));
 * }</pre>
 *
 * <p>An example is known by its partition and its row in it. So both must be the same whenever a
 * partition is computed, as {@link RddSource} tells; the result is then that of a CSV file with the
 * same rows, bit for bit. With {@code id("customer")} neither counts: rows have the order of these
 * values, however they come.
 */
public final class Examples {
  private Examples() {}

  /**
   * The rows of a data set. Features and targets are numbers, yes or no, dates and times, or arrays
   * and vectors of numbers, of one length each; a label is text, a whole number or a yes or no. A
   * value in a structure is called by its path, such as {@code customer.age}. A null in a column
   * that is used is an error, unless the plan's {@code data.columns} says what becomes of it.
   */
  public static RddSource<Row> of(Dataset<Row> rows) {
    return RddSource.of(rows);
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
    RddSource<Example> source =
        RddSource.of(
            examples,
            List.of("features", classes ? "label" : "targets", "weight"),
            List.of(0, 1),
            Examples::cell);
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
