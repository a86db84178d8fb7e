package io.lockstep.plan;

import io.lockstep.data.InputException;
import io.lockstep.evaluate.Metric;
import java.util.Optional;

/**
 * The semantics of synchronous training.
 *
 * @param mode what is merged in a round
 * @param replicas logical workers; part of the plan, never of the cluster
 * @param batch examples of one minibatch of one replica
 * @param localSteps minibatches a replica takes between two rounds; 1 in gradient mode
 * @param epochs passes over the training split
 * @param shuffleWindow bytes of its shard that a replica holds and shuffles together
 * @param outer what is done with the averaged delta
 * @param stateful whether recurrent state is carried from minibatch to minibatch; empty for no
 * @param bucketing whether sequences of similar length meet in minibatches; empty for no
 * @param classWeights by what the losses of examples are multiplied, by their class; empty for 1
 * @param earlyStopping when to end before the last epoch
 */
public record TrainingPlan(
    Mode mode,
    int replicas,
    int batch,
    int localSteps,
    int epochs,
    long shuffleWindow,
    Outer outer,
    Optional<Boolean> stateful,
    Optional<Bucketing> bucketing,
    Optional<ClassWeightsPlan> classWeights,
    Optional<EarlyStopping> earlyStopping) {
  public TrainingPlan {
    if (mode == Mode.GRADIENT && localSteps != 1) {
      throw new InputException(
          "localSteps: must be 1 in gradient mode, where gradients are averaged at every step, but"
              + " is "
              + localSteps);
    }
    if (mode == Mode.GRADIENT && !outer.isPlain()) {
      throw new InputException(
          "outer: has no meaning in gradient mode, where there is no delta to apply; take it out");
    }
    if (stateful.orElse(false) && bucketing.orElse(Bucketing.NONE) == Bucketing.BY_LENGTH) {
      throw new InputException(
          "bucketing: byLength changes the order of the examples, which stateful keeps; take one of"
              + " them");
    }
  }

  /** Whether sequences of similar length meet in minibatches. */
  public boolean bucketed() {
    return bucketing.orElse(Bucketing.NONE) == Bucketing.BY_LENGTH;
  }

  /** Which sequences meet in a minibatch. */
  public enum Bucketing {
    /** Any. */
    NONE,
    /** Those of similar length. */
    BY_LENGTH
  }

  /** Whether recurrent state is carried from minibatch to minibatch. */
  public boolean carries() {
    return stateful.orElse(false);
  }

  /** What the replicas of a round have in common at its end. */
  public enum Mode {
    /** Parameters and updater state are averaged after a few local steps. */
    AVERAGING,
    /** Gradients are averaged at every step, then one identical optimizer step is taken. */
    GRADIENT
  }

  /**
   * The outer optimizer; learning rate 1 and momentum 0 are plain averaging.
   *
   * @param learningRate factor on the averaged delta
   * @param momentum of Nesterov, 0 for none (DiLoCo, arXiv 2311.08105)
   */
  public record Outer(double learningRate, double momentum) {
    /** Whether the average is taken as it is. */
    public boolean isPlain() {
      return learningRate == 1.0 && momentum == 0.0;
    }
  }

  /**
   * Ends the run when the validation metric has not improved for a while; the best model is kept.
   *
   * @param metric a name of {@link Metric}, such as {@code loss} or {@code accuracy}
   * @param patience evaluations without improvement that are endured
   * @param minDelta smallest change that counts as improvement
   */
  public record EarlyStopping(String metric, int patience, double minDelta) {
    /** Whether larger is better, which follows from the metric. */
    public boolean maximize() {
      return Metric.largerIsBetter(metric);
    }
  }
}
