package io.lockstep.data.order;

/**
 * A contiguous range of numbers, possibly empty.
 *
 * @param from first number
 * @param to number after the last
 */
public record LongRange(long from, long to) {
  public LongRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a range: from " + from + " to " + to);
    }
  }

  /**
   * The range that is piece {@code piece} when {@code count} numbers are cut into {@code pieces}
   * ranges whose sizes differ by at most one, the larger ones first.
   */
  public static LongRange piece(long count, int pieces, int piece) {
    if (count < 0 || pieces < 1 || piece < 0 || piece >= pieces) {
      throw new IllegalArgumentException(
          "no piece " + piece + " of " + pieces + " for " + count + " numbers");
    }
    long quotient = count / pieces;
    long remainder = count % pieces;
    long from = piece * quotient + Math.min(piece, remainder);
    return new LongRange(from, from + quotient + (piece < remainder ? 1 : 0));
  }

  /** The piece, cut as {@link #piece} does, in which {@code number} lies. */
  static int pieceOf(long number, long count, int pieces) {
    long quotient = count / pieces;
    long remainder = count % pieces;
    long larger = remainder * (quotient + 1);
    return (int)
        (number < larger ? number / (quotient + 1) : remainder + (number - larger) / quotient);
  }

  /** Number of numbers. */
  public long size() {
    return to - from;
  }

  /** Whether there is none in it. */
  public boolean isEmpty() {
    return from == to;
  }
}
