package io.lockstep.spark;

import io.lockstep.ps.TrainingState;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How the state of a job reaches its tasks, and how what they bring reaches the driver. Belongs to
 * one job: a round or an evaluation; goes along with its tasks.
 */
sealed interface Passage extends Serializable, AutoCloseable permits ByBroadcast, ByReference {
  /** A passage for a job of {@code tasks}: by reference where all is one JVM. */
  static Passage open(JavaSparkContext spark, TrainingState state, int tasks) {
    return spark.sc().isLocal() ? ByReference.open(state, tasks) : ByBroadcast.open(spark, state);
  }

  /** The global state at the job's beginning, as a task reads it. */
  TrainingState state();

  /** What task {@code k} is to return for {@code outcome}. */
  Outcome send(int k, Outcome outcome);

  /** The outcome of task {@code k}, for what Spark brought from its task. */
  Outcome receive(int k, Outcome returned);

  /** Lets go of all that was passed. */
  @Override
  void close();
}
