package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.ingest.Shard;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SerializableWritable;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag;

/**
 * The pieces of a part, over the blocks that they are lists of: partition k is piece k, and depends
 * on its own blocks alone. Spark keeps the blocks, one by one; a task fetches those that it needs,
 * and a lost one is made again. The task of a piece runs where the piece is placed.
 */
final class ShardRdd extends RDD<Shard> {
  private static final long serialVersionUID = 1L;

  /** By which Spark's events name it. */
  static final String NAME = "lockstep shards";

  private static final ClassTag<Shard> SHARD = ClassTag.apply(Shard.class);

  private final KeptBlocks blocks;
  private final int[] firsts; // first block of each piece, and the end
  private final transient Placement placement; // the driver's

  /** The pieces that begin at {@code firsts} among the blocks, the last of them the end. */
  ShardRdd(KeptBlocks blocks, int[] firsts, Placement placement) {
    super(blocks.blocks().sparkContext(), dependencies(blocks.blocks(), firsts), SHARD);
    this.blocks = blocks;
    this.firsts = firsts;
    this.placement = placement;
    setName(NAME);
  }

  private static Seq<Dependency<?>> dependencies(
      RDD<SerializableWritable<Crate>> blocks, int[] firsts) {
    List<Dependency<?>> one = List.of(new OwnBlocks(blocks, firsts));
    return ScalaCollections.seq(one);
  }

  private static final class OwnBlocks extends NarrowDependency<SerializableWritable<Crate>> {
    private static final long serialVersionUID = 1L;
    private final int[] firsts;

    OwnBlocks(RDD<SerializableWritable<Crate>> blocks, int[] firsts) {
      super(blocks);
      this.firsts = firsts;
    }

    @Override
    public Seq<Object> getParents(int piece) {
      List<Object> numbers =
          IntStream.range(firsts[piece], firsts[piece + 1])
              .<Object>mapToObj(Integer::valueOf)
              .toList();
      return ScalaCollections.seq(numbers);
    }
  }

  @Override
  public Partition[] getPartitions() {
    return IntStream.range(0, firsts.length - 1)
        .mapToObj(NumberedPartition::new)
        .toArray(Partition[]::new);
  }

  @Override
  public Seq<String> getPreferredLocations(Partition piece) {
    return placement.of(piece.index());
  }

  @Override
  public Iterator<Shard> compute(Partition piece, TaskContext task) {
    int first = firsts[piece.index()];
    int count = firsts[piece.index() + 1] - first;
    Shard shard =
        new Shard() {
          @Override
          public int blocks() {
            return count;
          }

          @Override
          public Block block(int number) {
            return blocks.read(first + number, task).value().block();
          }
        };
    return ScalaCollections.scala(List.of(shard).iterator());
  }
}
