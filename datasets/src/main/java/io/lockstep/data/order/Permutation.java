package io.lockstep.data.order;

/**
 * A random order of the numbers 0 to {@code size - 1}, as a function instead of a list.
 *
 * <p>A Feistel network of {@value #ROUNDS} rounds (Luby and Rackoff, "How to construct pseudorandom
 * permutations from pseudorandom functions", 1988) over the smallest even number of bits that holds
 * the size, with the finaliser of SplitMix64 as its round function; numbers beyond the size are
 * encrypted again until they are within (cycle walking: Black and Rogaway, "Ciphers with arbitrary
 * finite domains", 2002), fewer than four times in the mean. Immutable and stable for ever.
 */
public final class Permutation {
  private static final int ROUNDS = 6;

  private final long size;
  private final int half;
  private final long mask;
  private final long[] keys = new long[ROUNDS];

  /**
   * A permutation that is a pure function of its arguments.
   *
   * @param size at least 0, below 2^62
   */
  public Permutation(long size, long seed) {
    if (size < 0 || size >= 1L << 62) {
      throw new IllegalArgumentException("no permutation of " + size + " numbers");
    }
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1));
    half = (bits + 1) / 2;
    mask = (1L << half) - 1;
    var random = new SplitMix64(seed);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = random.nextLong();
    }
  }

  /** How many numbers it orders. */
  public long size() {
    return size;
  }

  /** The place of {@code number} in the order. */
  public long place(long number) {
    check(number);
    long at = number;
    do {
      long left = at >>> half;
      long right = at & mask;
      for (long key : keys) {
        long next = left ^ (Seeds.mix(right + key) & mask);
        left = right;
        right = next;
      }
      at = left << half | right;
    } while (at >= size);
    return at;
  }

  /** The number at {@code place} of the order: the inverse of {@link #place}. */
  public long number(long place) {
    check(place);
    long at = place;
    do {
      long left = at >>> half;
      long right = at & mask;
      for (int round = ROUNDS - 1; round >= 0; round--) {
        long before = right ^ (Seeds.mix(left + keys[round]) & mask);
        right = left;
        left = before;
      }
      at = left << half | right;
    } while (at >= size);
    return at;
  }

  private void check(long number) {
    if (number < 0 || number >= size) {
      throw new IndexOutOfBoundsException("number " + number + " of " + size);
    }
  }
}
