package io.lockstep.ps;

/**
 * How many time steps sequences have, and how many were computed for them since the sequences of a
 * minibatch are padded to its longest.
 *
 * @param steps of the examples; 0 if they are no sequences
 * @param computed at least as many
 */
public record Padding(long steps, long computed) {
  /** Of no sequence. */
  public static final Padding NONE = new Padding(0, 0);

  public Padding {
    if (steps < 0 || computed < steps) {
      throw new IllegalArgumentException(steps + " time steps, " + computed + " computed");
    }
  }

  /** Both together. */
  public Padding plus(Padding other) {
    return new Padding(steps + other.steps, computed + other.computed);
  }

  /** Part of the computed steps that is padding, [0, 1); 0 if nothing was computed. */
  public double share() {
    return computed == 0 ? 0 : 1 - (double) steps / computed;
  }
}
