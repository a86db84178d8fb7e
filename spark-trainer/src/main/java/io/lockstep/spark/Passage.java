package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import java.io.Serializable;

/**
 * How the start of a job reaches its tasks, and how what they bring reaches the driver. Belongs to
 * one job: a round or an evaluation; goes along with its tasks. {@link Passages} opens them.
 */
@SuppressWarnings("NotJavadoc") // Error Prone loses its way after a leading sealed
sealed interface Passage extends Serializable, AutoCloseable
    permits ByBlocks, ByBroadcast, ByReference {
  /**
   * What the job begins with, as a task reads it.
   *
   * @param arrivals of this JVM, for what is not in its memory anyway
   */
  RoundStart start(Arrivals arrivals);

  /** What task {@code k} is to return for {@code reply}. */
  Reply send(int k, Reply reply);

  /** The reply of task {@code k}, for what Spark brought from its task. */
  Reply receive(int k, Reply returned);

  /** Lets go of all that was passed. */
  @Override
  void close();
}
