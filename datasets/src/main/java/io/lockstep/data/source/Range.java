package io.lockstep.data.source;

import java.io.Serializable;

/**
 * What is known of many numbers.
 *
 * @param smallest of them, positive infinity if there are none
 * @param largest of them, negative infinity if there are none
 * @param whole whether all are whole numbers
 */
public record Range(double smallest, double largest, boolean whole) implements Serializable {
  /** Of no numbers. */
  public static final Range NONE =
      new Range(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, true);

  /** Whether no number was seen. */
  public boolean isEmpty() {
    return smallest > largest;
  }

  /** The range with one more number. */
  public Range with(double value) {
    return new Range(
        Math.min(smallest, value), Math.max(largest, value), whole && value == Math.rint(value));
  }

  /** The range of both. */
  public Range and(Range other) {
    return new Range(
        Math.min(smallest, other.smallest), Math.max(largest, other.largest), whole && other.whole);
  }
}
