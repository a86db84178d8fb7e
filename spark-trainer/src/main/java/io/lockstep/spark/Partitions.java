package io.lockstep.spark;

import java.util.Iterator;

/** The partitions of Lockstep's data sets: one block of examples each. */
final class Partitions {
  private Partitions() {}

  /** The one element; asks for the end too, at which Spark lets go of the cached block. */
  static <T> T only(Iterator<T> partition) {
    T element = partition.next();
    if (partition.hasNext()) {
      throw new IllegalStateException("a partition holds more than one block");
    }
    return element;
  }
}
