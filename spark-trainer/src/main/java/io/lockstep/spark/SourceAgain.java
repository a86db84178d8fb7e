package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.Exchange;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag;

/**
 * A source, for a task that needs a block and can get it from nowhere else: it reads all splits and
 * takes from each what belongs to the block. Nothing that another executor keeps is touched.
 *
 * <p>Costs as much as reading the data did, in one task; it is for executors that hang.
 *
 * @param laidOut a {@link Splits} as Spark's serializer of closures lays it out; its own, so that
 *     tasks do not carry it
 */
record SourceAgain(Broadcast<byte[]> laidOut) implements Serializable {
  private static final ClassTag<Splits> SPLITS = ClassTag.apply(Splits.class);

  /** What tasks that read the source have, and what each split held. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Splits(
      RDD<SerializableWritable<Crate>> crates,
      Partition[] partitions,
      Exchange exchange,
      FoundSplit[] found)
      implements Serializable {}

  /** To be {@linkplain #forget forgotten} with the blocks. */
  static SourceAgain of(
      JavaSparkContext spark,
      RDD<SerializableWritable<Crate>> crates,
      Exchange exchange,
      FoundSplit[] found) {
    var splits = new Splits(crates, crates.partitions(), exchange, found);
    ByteBuffer bytes = SparkEnv.get().closureSerializer().newInstance().serialize(splits, SPLITS);
    byte[] laidOut = new byte[bytes.remaining()];
    bytes.get(laidOut);
    return new SourceAgain(spark.broadcast(laidOut));
  }

  /** The block of a number. */
  SerializableWritable<Crate> block(int number, TaskContext task) {
    Splits splits =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(
                ByteBuffer.wrap(laidOut.value()),
                Thread.currentThread().getContextClassLoader(),
                SPLITS);
    List<Block> parts = new ArrayList<>();
    for (int split = 0; split < splits.partitions().length; split++) {
      // Computed, not asked for: what Spark kept of it may be in the executor that hangs.
      var crates = splits.crates().compute(splits.partitions()[split], task);
      Iterator<Exchange.Routed> routed =
          Crates.route(
              splits.exchange(), split, ScalaCollections.java(crates), splits.found()[split]);
      routed.forEachRemaining(
          rows -> {
            if (rows.destination() == number) {
              parts.add(rows.rows());
            }
          });
    }
    return Crate.of(splits.exchange().assemble(number, parts.iterator()));
  }

  /** Lets the executors forget it. */
  void forget() {
    laidOut.destroy();
  }
}
