package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How the start of a job reaches its tasks, and how what they bring reaches the driver. Belongs to
 * one job: a round or an evaluation; goes along with its tasks.
 */
sealed interface Passage extends Serializable, AutoCloseable permits ByBroadcast, ByReference {
  /** A passage for a job of {@code tasks}: by reference where all is one JVM. */
  static Passage open(JavaSparkContext spark, RoundStart start, int tasks) {
    return spark.sc().isLocal() ? ByReference.open(start, tasks) : ByBroadcast.open(spark, start);
  }

  /** What the job begins with, as a task reads it. */
  RoundStart start();

  /** What task {@code k} is to return for {@code reply}. */
  Reply send(int k, Reply reply);

  /** The reply of task {@code k}, for what Spark brought from its task. */
  Reply receive(int k, Reply returned);

  /** Lets go of all that was passed. */
  @Override
  void close();
}
