package io.lockstep.model;

/** How a language model computes. Not thread-safe. */
interface TokenReader extends AutoCloseable {
  /**
   * Reads on.
   *
   * @param ids tokens, at least one
   * @return probabilities of the token after them, {@code [vocabulary]}
   */
  float[] read(int... ids);

  /** Begins anew, as if nothing had been read. */
  void forget();

  @Override
  void close();
}
