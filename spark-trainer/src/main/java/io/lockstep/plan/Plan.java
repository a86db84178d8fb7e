package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.GivenSource;
import io.lockstep.data.source.text.TextWindowsSource;

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
          "training.earlyStopping: needs examples to watch; set data.validation above 0");
    }
    if (training.carries()) {
      checkStreams("data.train", data.train());
      data.testSource().ifPresent(test -> checkStreams("data.test", test));
    }
  }

  /** Whether each example goes on where the one before ended; a program is believed. */
  private static void checkStreams(String key, ExampleSource source) {
    if (source instanceof TextWindowsSource text && text.stride() != text.length()) {
      throw new InputException(
          "training.stateful: needs windows of which each begins where the one before ended, but"
              + " those of %s have length %d and stride %d; leave out stride"
                  .formatted(key, text.length(), text.stride()));
    }
    if (!(source instanceof TextWindowsSource || source instanceof GivenSource)) {
      throw new InputException(
          "training.stateful: carries the state of one example into the next, but the examples of "
              + key
              + " do not go on where the one before ended, as windows of running text (textWindows)"
              + " do; take it out");
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
