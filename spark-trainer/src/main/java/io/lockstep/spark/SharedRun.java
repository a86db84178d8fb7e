package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import io.lockstep.train.Setup;
import java.io.Closeable;
import java.io.Serializable;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What all tasks of a run have in common, sent to each JVM once: a task carries only a reference to
 * it, so that launching it costs next to nothing.
 *
 * @param <T> what a JVM keeps of the run between tasks
 * @param shop in which it is kept
 */
record SharedRun<T extends AutoCloseable>(Broadcast<SerializableWritable<Workshop<T>>> shop)
    implements Serializable, Closeable {
  static <T extends AutoCloseable> SharedRun<T> send(JavaSparkContext spark, Setup<T> setup) {
    return new SharedRun<>(Luggage.broadcast(spark, Workshop.of(setup)));
  }

  /** What this JVM keeps for the run. */
  T tools() {
    return shop.value().value().tools();
  }

  /** What {@code passage} begins with, read once in this JVM. */
  RoundStart start(Passage passage) {
    return shop.value().value().start(passage);
  }

  /** Closes what this JVM keeps, and takes the run back from the others. */
  @Override
  public void close() {
    shop.value().value().close();
    shop.destroy();
  }
}
