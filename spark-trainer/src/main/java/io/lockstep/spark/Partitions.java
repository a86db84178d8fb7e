package io.lockstep.spark;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import scala.collection.immutable.Seq;

/** The partitions of Lockstep's data sets: one element each. */
final class Partitions {
  private Partitions() {}

  /** The one element; asks for the end too, at which Spark lets go of the cached block. */
  static <T> T only(Iterator<T> partition) {
    T element = partition.next();
    if (partition.hasNext()) {
      throw new IllegalStateException("a partition holds more than one element");
    }
    return element;
  }

  /** Numbers of partitions, as Spark wants them. */
  static Seq<Object> numbers(int from, int to) {
    List<Object> numbers = IntStream.range(from, to).<Object>mapToObj(Integer::valueOf).toList();
    return ScalaCollections.seq(numbers);
  }
}
