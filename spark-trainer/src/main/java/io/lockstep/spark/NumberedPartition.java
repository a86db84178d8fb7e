package io.lockstep.spark;

import org.apache.spark.Partition;

/** A partition that is known by its number. */
record NumberedPartition(int index) implements Partition {
  private static final long serialVersionUID = 1L;
}
