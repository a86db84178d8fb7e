package io.lockstep.plan;

/**
 * How a replica computes.
 *
 * @param kernels whether Lockstep's kernels replace DL4J's where they can
 * @param threads native threads per replica; part of the plan because it changes the bits
 */
public record ComputePlan(Kernels kernels, int threads) {
  /** Which kernels run the layers. */
  public enum Kernels {
    /** Lockstep's where they cover the layer, DL4J's elsewhere. */
    AUTO,
    /** DL4J's own everywhere. */
    STOCK
  }
}
