package io.lockstep.config;

import io.lockstep.data.InputException;

/**
 * One training run in full: the same plan gives the same weights, bit for bit, on any cluster.
 *
 * <p>Everything that decides the result is here; what only decides where and how fast it runs is in
 * {@link RunPlan}.
 *
 * @param name of the run, used for its directory
 * @param seed of every random choice: split, order, initial weights, dropout
 */
public record Plan(
    String name,
    long seed,
    DataPlan data,
    ModelPlan model,
    TrainingPlan training,
    EvaluationPlan evaluation,
    ComputePlan compute,
    RunPlan run) {
  public Plan {
    if (training.earlyStopping().isPresent() && data.validation() == 0) {
      throw new InputException(
          "training: earlyStopping needs examples to watch; set data.validation above 0");
    }
  }
}
