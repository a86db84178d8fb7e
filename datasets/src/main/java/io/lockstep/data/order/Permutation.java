package io.lockstep.data.order;

/**
 * A random order of the numbers 0 to {@code size - 1}, as a function instead of a list.
 *
 * <p>A number is written as the row and column of a grid that is nearly square and holds the size.
 * In turn, each row is rotated by an amount drawn from the row's number, and each column by one
 * drawn from the column's: a Feistel network (Luby and Rackoff, "How to construct pseudorandom
 * permutations from pseudorandom functions", 1988) whose halves are added modulo the sides of the
 * grid (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002), with the finaliser of
 * SplitMix64 as round function. Numbers that leave the size are sent through again until they are
 * back within (cycle walking, from the same paper); since the grid is so tight, that is rare for
 * large sizes. Small sizes take more rounds, so that there every order is equally likely as far as
 * a test can tell. Immutable and stable for ever.
 */
public final class Permutation {
  private static final int ROUNDS = 8;
  private static final int ROUNDS_IF_SMALL = 16;
  private static final int SMALL = 1 << 16;

  private final long size;
  private final long rows;
  private final long columns;
  private final long[] keys;

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
    rows = Math.max(1, rootAbove(size));
    long even = (size + rows - 1) / rows;
    // With both sides odd, every rotation would be an even permutation, and so would the whole.
    columns = Math.max(2, even + (even & 1));
    keys = new long[size < SMALL ? ROUNDS_IF_SMALL : ROUNDS];
    var random = new SplitMix64(seed);
    for (int round = 0; round < keys.length; round++) {
      keys[round] = random.nextLong();
    }
  }

  /** The square root, rounded up: exact, whatever the last bit of a double says. */
  private static long rootAbove(long number) {
    long root = (long) Math.sqrt((double) number);
    while (root * root < number) {
      root++;
    }
    while (root > 0 && (root - 1) * (root - 1) >= number) {
      root--;
    }
    return root;
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
      long row = at / columns;
      long column = at - row * columns;
      for (int round = 0; round < keys.length; round += 2) {
        row = sum(row, draw(column + keys[round], rows), rows);
        column = sum(column, draw(row + keys[round + 1], columns), columns);
      }
      at = row * columns + column;
    } while (at >= size);
    return at;
  }

  /** The number at {@code place} of the order: the inverse of {@link #place}. */
  public long number(long place) {
    check(place);
    long at = place;
    do {
      long row = at / columns;
      long column = at - row * columns;
      for (int round = keys.length - 2; round >= 0; round -= 2) {
        column = difference(column, draw(row + keys[round + 1], columns), columns);
        row = difference(row, draw(column + keys[round], rows), rows);
      }
      at = row * columns + column;
    } while (at >= size);
    return at;
  }

  /** A number in [0, bound), bound at most 2^31 + 1. */
  private static long draw(long from, long bound) {
    return ((Seeds.mix(from) >>> 32) * bound) >>> 32;
  }

  /** The sum modulo {@code bound}; without a branch, which could not be foreseen. */
  private static long sum(long a, long b, long bound) {
    long sum = a + b - bound;
    return sum + (bound & sum >> 63);
  }

  private static long difference(long a, long b, long bound) {
    long difference = a - b;
    return difference + (bound & difference >> 63);
  }

  private void check(long number) {
    if (number < 0 || number >= size) {
      throw new IndexOutOfBoundsException("number " + number + " of " + size);
    }
  }
}
