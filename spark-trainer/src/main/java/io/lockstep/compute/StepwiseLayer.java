package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;

/**
 * A layer that computes one time step of one sequence at a time, on arrays of the Java heap, with
 * the arithmetic of the kernel that trains it, and so to the same bits. It remembers its state and
 * owns what it returns; not thread-safe.
 */
interface StepwiseLayer {
  /**
   * Computes the next step.
   *
   * @param input outputs of the layer below; what lies beyond their number is not read
   * @return this layer's outputs, padded to a multiple of {@link Lanes#GROUP}; valid until the next
   *     step
   */
  float[] step(float[] input);

  /** Forgets all steps. */
  default void forget() {}
}
