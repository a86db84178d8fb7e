package io.lockstep.app;

/**
 * Someone who looks on while a {@link Chaos} goes on. Unlike other listeners it is called by
 * several threads, also while a method of {@link TrainingListener} is at work.
 */
public interface ChaosListener extends TrainingListener {
  /**
   * A run begins that is not disturbed.
   *
   * @param directory of the run
   */
  default void undisturbed(String directory) {}

  /**
   * The same begins once more, with faults.
   *
   * @param directory of the run
   * @param faults number of them
   */
  default void disturbed(String directory, int faults) {}

  /**
   * A fault happens.
   *
   * @param fault what
   * @param round in which, counted from 0 over all epochs
   * @param where to whom, in a few words
   */
  default void fault(ChaosFault fault, long round, String where) {}
}
