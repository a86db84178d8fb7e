package io.lockstep.train.spark;

import io.lockstep.ps.TrainingState;
import java.io.Serializable;

/**
 * How the state of a round reaches its tasks, and how what they bring reaches the driver. Belongs
 * to one round; goes along with its tasks.
 */
sealed interface Passage extends Serializable, AutoCloseable permits ByBroadcast, ByReference {
  /** The global state at the round's beginning, as a task reads it. */
  TrainingState state();

  /** What the task of replica {@code k} is to return for {@code outcome}. */
  Outcome send(int k, Outcome outcome);

  /** The outcome of replica {@code k}, for what Spark brought from its task. */
  Outcome receive(int k, Outcome returned);

  /** Lets go of all that was passed. */
  @Override
  void close();
}
