package io.lockstep.spark;

import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.csv.RowTable;
import java.util.List;
import java.util.NavigableSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.types.DataType;

/**
 * Rows on Spark, of which it is not yet said which of their columns are wanted.
 *
 * @param <T> a row
 */
interface Rows<T> {
  /** The Spark that they belong to. */
  JavaSparkContext spark();

  /** Names of all columns, and then of the values in those that are structures. */
  List<String> columns();

  /** Names of the columns that are structures, whose values are columns too. */
  List<String> structures();

  /** Names of the columns, without values in structures. */
  List<String> outer();

  /** Types of all columns, as Spark has them; empty if nobody knows. */
  List<DataType> types();

  /**
   * Values in the cells of a column: 1, or the length of its arrays in some row.
   *
   * @throws io.lockstep.data.InputException if that cannot be known, as there are no rows
   */
  int width(int column);

  /** Lays them out to be read. */
  Laid<T> laid(Wish wish);

  /**
   * What is wanted of the rows.
   *
   * @param name of the whole, for messages
   * @param columns that are looked at, by number
   * @param id number of the column whose values give rows their order; -1 for the one they have
   * @param last number of a column of yes or no, whose yes brings a row behind all others; -1 for
   *     none
   */
  record Wish(String name, NavigableSet<Integer> columns, int id, int last) {}

  /**
   * Rows in parts and in an order.
   *
   * @param rows of which each partition is a split
   * @param cells what stands in a column of a row
   * @param raw the same as Spark has it
   * @param splits of the partitions
   * @param <T> a row
   */
  record Laid<T>(
      JavaRDD<T> rows, RowTable.Cells<T> cells, RowTable.Cells<T> raw, List<SourceSplit> splits) {}
}
