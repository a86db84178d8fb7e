package io.lockstep.spark;

import org.apache.spark.Partition;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * How a task reads a cached block: from here, else from the executor that has it, else made again.
 *
 * <p>Spark itself keeps nothing of a block that it fetched from another executor. Here it stays: a
 * piece that moved to this executor is fetched once, not each time a window of it is filled. The
 * older copy is dropped when its memory is needed; until then it is there if this executor dies.
 */
final class KeptBlocks {
  private static final ClassTag<SerializableWritable<Crate>> CRATE =
      ClassTag.apply(SerializableWritable.class);

  private KeptBlocks() {}

  static SerializableWritable<Crate> read(
      RDD<SerializableWritable<Crate>> blocks, Partition block, TaskContext task) {
    SerializableWritable<Crate> read =
        Partitions.only(CollectionConverters.asJava(blocks.iterator(block, task)));
    BlockManager here = SparkEnv.get().blockManager();
    RDDBlockId id = new RDDBlockId(blocks.id(), block.index());
    if (here.getStatus(id).isEmpty()) {
      here.putSingle(id, read, blocks.getStorageLevel(), true, CRATE);
    }
    return read;
  }
}
