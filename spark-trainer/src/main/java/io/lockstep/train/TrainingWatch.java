package io.lockstep.train;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;

/** Someone who looks on while a run goes on; called by the thread that drives it. */
public interface TrainingWatch {
  /** Training begins, at {@code from}. */
  void began(Position from);

  /**
   * A round was merged.
   *
   * @param loss mean over its examples
   */
  void round(Position next, double loss);

  /** The network was evaluated after {@code epoch}, counted from 0. */
  void evaluated(int epoch, Part part, EvaluationResult result);

  /** Something worth a line, such as a damaged checkpoint that was skipped. */
  void note(String line);
}
