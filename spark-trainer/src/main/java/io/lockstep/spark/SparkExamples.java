package io.lockstep.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.train.Examples;
import io.lockstep.train.Part;
import java.io.Closeable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * The examples of a run as Spark sees them: each part one data set, whose partition k is one block,
 * piece k of it. A piece is read by the task that needs it, from its source, with the driver's
 * settings of Hadoop.
 *
 * <p>Not thread-safe.
 */
final class SparkExamples implements Closeable {
  private final JavaSparkContext spark;
  private final Examples examples;
  private final int pieces;
  private final Broadcast<byte[]> hadoop;
  private final Map<Part, JavaRDD<ExampleBlock>> cached = new EnumMap<>(Part.class);

  /** Examples of which each part is cut into {@code pieces}. */
  SparkExamples(JavaSparkContext spark, Examples examples, int pieces) {
    this.spark = spark;
    this.examples = examples;
    this.pieces = pieces;
    this.hadoop = spark.broadcast(HadoopSettings.encode(spark.hadoopConfiguration()));
  }

  /** The pieces of a part, read each time that they are asked for. */
  JavaRDD<ExampleBlock> pieces(Part part) {
    PieceReader reader = new PieceReader(examples, part, hadoop);
    List<Integer> numbers = IntStream.range(0, pieces).boxed().toList();
    return spark.parallelize(numbers, pieces).map(reader::read).setName("lockstep " + part);
  }

  /** The pieces of a part, read once and kept by the executors; a lost one is read again. */
  JavaRDD<ExampleBlock> cached(Part part) {
    return cached.computeIfAbsent(
        part, each -> pieces(each).persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** Lets the executors forget all that they keep. */
  @Override
  public void close() {
    cached.values().forEach(rdd -> rdd.unpersist(false));
    hadoop.destroy();
  }
}
