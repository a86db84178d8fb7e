package io.lockstep.model;

/**
 * Seeds as ND4J may have them: to its generator 0 means "the clock", so a network that is seeded
 * with 0 would draw other weights, or drop other units, whenever it is asked.
 */
final class NetworkSeed {
  /** In place of 0; part of every result that has it, so never to be changed. */
  private static final long ZERO = 0x9E3779B97F4A7C15L;

  private NetworkSeed() {}

  /** {@code seed} itself, unless it is 0. */
  static long of(long seed) {
    return seed == 0 ? ZERO : seed;
  }
}
