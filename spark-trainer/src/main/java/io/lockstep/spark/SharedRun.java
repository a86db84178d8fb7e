package io.lockstep.spark;

import io.lockstep.data.Normalizer;
import io.lockstep.train.Workbench;
import io.lockstep.train.Workload;
import java.io.Closeable;
import java.io.Serializable;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What all tasks of a run have in common, sent to each JVM once: a task carries only a reference to
 * it, so that launching it costs next to nothing.
 *
 * @param shop the run's workbench, as far as it can travel; what a JVM keeps of the run hangs on it
 */
record SharedRun(Broadcast<SerializableWritable<Workshop>> shop)
    implements Serializable, Closeable {
  static SharedRun send(JavaSparkContext spark, Workload workload, Normalizer normalizer) {
    return new SharedRun(Luggage.broadcast(spark, Workshop.of(workload, normalizer)));
  }

  /** The workbench that this JVM keeps for the run. */
  Workbench workbench() {
    return shop.value().value().workbench();
  }

  /** Closes the workbench of this JVM and takes the run back from the others. */
  @Override
  public void close() {
    shop.value().value().close();
    shop.destroy();
  }
}
