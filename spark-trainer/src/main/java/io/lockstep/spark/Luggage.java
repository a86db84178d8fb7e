package io.lockstep.spark;

import org.apache.hadoop.io.Writable;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * How Lockstep's own types travel with whatever serializer the Spark context has.
 *
 * <p>The context may be the user's, with Kryo that demands that classes are registered, and with a
 * registrator that does not know us. Two things pass every serializer that Spark has: arrays of
 * bytes, and Spark's own wrapper of Hadoop's Writables, which it registers itself. Results and
 * records of a shuffle are bounded, so they are bytes; a broadcast may have gigabytes, so it is a
 * Writable, which is written and read as a stream and stays an object within the driver's JVM.
 */
final class Luggage {
  private Luggage() {}

  /** Broadcasts {@code value}; whoever opened it destroys it. */
  static <T extends Writable> Broadcast<SerializableWritable<T>> broadcast(
      JavaSparkContext spark, T value) {
    return spark.broadcast(new SerializableWritable<>(value));
  }
}
