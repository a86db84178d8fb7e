package io.lockstep.data;

/**
 * A contiguous range of positions, possibly empty.
 *
 * @param from first position
 * @param to position after the last
 */
public record IndexRange(int from, int to) {
  public IndexRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a range: from " + from + " to " + to);
    }
  }

  /** Number of positions. */
  public int size() {
    return to - from;
  }

  /** Whether there is no position in it. */
  public boolean isEmpty() {
    return from == to;
  }
}
