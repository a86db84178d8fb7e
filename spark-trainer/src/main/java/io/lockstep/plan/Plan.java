package io.lockstep.plan;

import io.lockstep.config.Origins;
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
          "training: has earlyStopping, which needs examples to watch; set data.validation above"
              + " 0");
    }
  }

  /** The plan as YAML that reads as an equal plan. */
  public String toYaml() {
    return PlanText.of(this, Origins.NONE);
  }

  /** The same with another model. */
  public Plan withModel(ModelPlan other) {
    return new Plan(name, seed, data, other, training, evaluation, compute, run);
  }

  /** The same with other data. */
  public Plan withData(DataPlan other) {
    return new Plan(name, seed, other, model, training, evaluation, compute, run);
  }

  /** The same, executed in another way. */
  public Plan withRun(RunPlan other) {
    return new Plan(name, seed, data, model, training, evaluation, compute, other);
  }
}
