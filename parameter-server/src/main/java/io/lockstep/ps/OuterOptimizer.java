package io.lockstep.ps;

import java.io.Serializable;

/**
 * What the driver does with the averaged delta of a round: nothing but take it, or Nesterov
 * momentum on it.
 *
 * <p>With old parameters x, averaged parameters a and delta d = a - x, a step of learning rate η
 * and momentum μ is v' = μ v + d, x' = x + η (d + μ v'): the outer step of DiLoCo (arXiv
 * 2311.08105, algorithm 1, "Nesterov"), with PyTorch's form of Nesterov momentum. η = 1 and μ = 0
 * return the average itself, bit for bit. Arithmetic in double, rounded once. Immutable; its memory
 * is the velocity that the caller keeps.
 *
 * @param learningRate factor on the averaged delta, greater than 0
 * @param momentum in [0, 1); 0 keeps no velocity
 */
public record OuterOptimizer(double learningRate, double momentum) implements Serializable {
  /** Takes the average as it is. */
  public static final OuterOptimizer PLAIN = new OuterOptimizer(1, 0);

  public OuterOptimizer {
    if (!(learningRate > 0) || !(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "outer learning rate %s must be above 0, momentum %s in [0, 1)"
              .formatted(learningRate, momentum));
    }
  }

  /** Number of velocity values it keeps for {@code parameters} parameters. */
  public int velocityLength(int parameters) {
    return momentum == 0 ? 0 : parameters;
  }

  /**
   * Takes one outer step.
   *
   * @param old parameters at the start of the round
   * @param average of the replicas' parameters
   * @param velocity of {@link #velocityLength} values, updated in place
   * @return the new parameters; {@code average} itself if the optimizer is plain
   */
  public float[] step(float[] old, float[] average, float[] velocity) {
    if (learningRate == 1 && momentum == 0) {
      return average;
    }
    float[] next = new float[old.length];
    for (int i = 0; i < old.length; i++) {
      double delta = (double) average[i] - old[i];
      double direction = delta;
      if (momentum != 0) {
        velocity[i] = (float) (momentum * velocity[i] + delta);
        direction = delta + momentum * velocity[i];
      }
      next[i] = (float) (old[i] + learningRate * direction);
    }
    return next;
  }
}
