package io.lockstep.data.order;

/**
 * The random number generator of all of Lockstep's own choices.
 *
 * <p>SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA
 * 2014), written out here so that no library or JDK release can change a result. Not thread-safe.
 */
public final class SplitMix64 {
  private long state;

  /** A generator whose numbers follow from {@code seed}. */
  public SplitMix64(long seed) {
    state = seed;
  }

  /** The next 64 random bits. */
  public long nextLong() {
    state += Seeds.GOLDEN_GAMMA;
    return Seeds.mix(state);
  }

  /** The next number in [0, 1): 53 random bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Returns a number in [0, bound), each equally likely (Lemire: "Fast random integer generation in
   * an interval", 2019).
   */
  public int nextInt(int bound) {
    long product = (nextLong() >>> 32) * bound;
    long low = product & 0xFFFFFFFFL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = (nextLong() >>> 32) * bound;
        low = product & 0xFFFFFFFFL;
      }
    }
    return (int) (product >>> 32);
  }

  /** Returns the numbers 0 to {@code size - 1} in random order (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
