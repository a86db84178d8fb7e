package io.lockstep.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * The rows of a data set sorted by a column whose values differ, in partitions that depend on these
 * values alone: not on the order in which rows come, on partitions, or on the cluster.
 *
 * <p>Spark's own sort draws the bounds of its partitions from a sample that depends on all of
 * these. Here the sample is of the ids with the smallest hashes, which is the same for the same
 * ids.
 */
final class ById {
  /** Rows of a partition in the mean; never changed, since bounds decide the last bits of means. */
  private static final int ROWS = 1 << 15;

  private static final int MOST_PARTITIONS = 4096;
  private static final int SAMPLES_OF_A_PARTITION = 64;
  private static final String PART = "lockstep part";

  /** Of Spark's partitioning by hash. */
  private static final int SEED = 42;

  private ById() {}

  static Dataset<Row> arranged(Dataset<Row> rows, String id) {
    Column ids = functions.col(id);
    int partitions = partitions(rows.select(ids).count());
    if (partitions == 1) {
      return rows.repartition(1).sortWithinPartitions(ids);
    }
    Object[] bounds = bounds(rows, id, partitions);
    int[] marks = marks(partitions);
    UDF1<Object, Integer> mark = value -> marks[partition(value, bounds)];
    return rows.withColumn(PART, functions.udf(mark, DataTypes.IntegerType).apply(ids))
        .repartition(partitions, functions.col(PART))
        .sortWithinPartitions(ids)
        .drop(PART);
  }

  static int partitions(long rows) {
    return (int) Math.max(1, Math.min(MOST_PARTITIONS, (rows + ROWS - 1) / ROWS));
  }

  /** The first id of each partition but the first one. */
  private static Object[] bounds(Dataset<Row> rows, String id, int partitions) {
    Column ids = functions.col(id);
    List<Row> sample =
        rows.select(ids)
            .where(ids.isNotNull())
            .orderBy(functions.xxhash64(ids), ids)
            .limit(SAMPLES_OF_A_PARTITION * partitions)
            .collectAsList();
    Object[] sorted = sample.stream().map(row -> row.get(0)).sorted().toArray();
    Object[] bounds = new Object[sorted.length == 0 ? 0 : partitions - 1];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = sorted[(int) ((long) sorted.length * (i + 1) / partitions)];
    }
    return bounds;
  }

  private static int partition(Object id, Object[] bounds) {
    if (id == null) {
      return 0; // refused when it is read
    }
    int found = Arrays.binarySearch(bounds, id);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /**
   * A number for each partition that Spark's hash sends there, since it takes no other
   * instructions.
   */
  static int[] marks(int partitions) {
    int[] marks = new int[partitions];
    boolean[] found = new boolean[partitions];
    int missing = partitions;
    for (int mark = 0; missing > 0; mark++) {
      int to = Math.floorMod(Murmur3_x86_32.hashInt(mark, SEED), partitions);
      if (!found[to]) {
        found[to] = true;
        marks[to] = mark;
        missing--;
      }
    }
    return marks;
  }
}
