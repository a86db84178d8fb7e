package io.lockstep.train;

import io.lockstep.config.DataPlan.Normalization;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.OuterOptimizer;
import java.io.Serializable;

/**
 * All that a JVM must know to take part in a run; a value that travels with each task.
 *
 * @param steps what a replica does in a round
 * @param outer what becomes of the averaged parameters, in averaging mode
 * @param networks builds a replica's network
 * @param examples where the examples come from
 * @param normalization what is done to features; a standardisation is fitted on the training part
 * @param evaluation what is measured, with the width of outputs and label rows
 * @param evaluationBatch examples of one forward pass of evaluation
 */
public record Workload(
    LocalSteps steps,
    OuterOptimizer outer,
    ReplicaFactory networks,
    Examples examples,
    Normalization normalization,
    EvaluationSpec evaluation,
    int evaluationBatch)
    implements Serializable {
  /** Number of replicas, and of pieces of every part. */
  public int replicas() {
    return steps.schedule().replicas();
  }
}
