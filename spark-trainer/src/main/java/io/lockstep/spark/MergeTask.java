package io.lockstep.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.Function2;
import scala.Tuple2;
import scala.collection.Iterator;

/** Merges one slice of all replicas, which the shuffle has brought into one partition. */
record MergeTask()
    implements Function2<TaskContext, Iterator<Tuple2<Integer, byte[]>>, byte[]>, Serializable {
  @Override
  public byte[] apply(TaskContext task, Iterator<Tuple2<Integer, byte[]>> slices) {
    return Slices.merged(ScalaCollections.java(slices)).encode();
  }
}
