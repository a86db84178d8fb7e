package io.lockstep.spark;

import io.lockstep.data.exchange.Exchange;
import org.apache.spark.Partition;
import org.apache.spark.SerializableWritable;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag;

/**
 * The blocks of all pieces by their number, made of what a shuffle brought for each, where their
 * piece is placed.
 */
final class BlockRdd extends RDD<SerializableWritable<Crate>> {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<SerializableWritable<Crate>> CRATE =
      ClassTag.apply(SerializableWritable.class);

  private final Exchange exchange;
  private final transient Placement placement; // the driver's

  BlockRdd(RDD<Tuple2<Integer, byte[]>> arrived, Exchange exchange, Placement placement) {
    super(arrived, CRATE);
    this.exchange = exchange;
    this.placement = placement;
  }

  @Override
  public Partition[] getPartitions() {
    return firstParent(ClassTag.apply(Tuple2.class)).partitions();
  }

  @Override
  public Seq<String> getPreferredLocations(Partition block) {
    return placement.of(exchange.destination(block.index()).piece());
  }

  @Override
  public Iterator<SerializableWritable<Crate>> compute(Partition block, TaskContext task) {
    RDD<Tuple2<Integer, byte[]>> arrived = firstParent(ClassTag.apply(Tuple2.class));
    var one =
        Crates.assemble(
            exchange, block.index(), ScalaCollections.java(arrived.iterator(block, task)));
    return ScalaCollections.scala(java.util.List.of(one).iterator());
  }
}
