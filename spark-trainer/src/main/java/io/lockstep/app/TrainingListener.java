package io.lockstep.app;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;

/**
 * Someone who looks on while a {@link Training} goes on; called by the thread that drives it, in
 * the order of the methods. What it throws ends the training.
 */
public interface TrainingListener {
  /**
   * The data is about to be read.
   *
   * @param source what is read, in a few words
   */
  default void reading(String source) {}

  /**
   * Reading and dealing the data comes along.
   *
   * @param doing the step that does, such as {@code reading churn.csv}
   * @param share of that step that is done, [0, 1]
   */
  default void loading(String doing, double share) {}

  /**
   * The plan has met its data and fits; nothing has been written yet.
   *
   * @param outline of what is about to be trained
   */
  default void prepared(TrainingOutline outline) {}

  /** Rounds begin, at {@code from}. */
  default void began(Position from) {}

  /**
   * A round was merged.
   *
   * @param next where the training stands now
   * @param loss mean over the examples of the round
   */
  default void round(Position next, double loss) {}

  /** The network was evaluated on {@code part} after {@code epoch}, counted from 0. */
  default void evaluated(int epoch, Part part, EvaluationResult result) {}

  /** Something worth a line, such as a damaged checkpoint that was skipped. */
  default void note(String line) {}
}
