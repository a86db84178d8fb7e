package io.lockstep.config;

/**
 * Bounds of a number.
 *
 * @param min smallest value, or what it must exceed
 * @param minIncluded whether {@code min} itself is allowed
 * @param max largest value, or what it must stay below
 * @param maxIncluded whether {@code max} itself is allowed
 */
public record Range(double min, boolean minIncluded, double max, boolean maxIncluded) {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Above 0. */
  public static final Range POSITIVE = new Range(0, false, INFINITY, true);

  /** 0 or more. */
  public static final Range NOT_NEGATIVE = new Range(0, true, INFINITY, true);

  /** From 0 to below 1: momenta, rates and fractions. */
  public static final Range FRACTION = new Range(0, true, 1, false);

  /** Any finite number. */
  public static final Range ANY = new Range(-INFINITY, true, INFINITY, true);

  public boolean contains(double value) {
    boolean high = minIncluded ? value >= min : value > min;
    boolean low = maxIncluded ? value <= max : value < max;
    return high && low;
  }

  public String describe() {
    String low = min == -INFINITY ? "" : (minIncluded ? "at least " : "above ") + Types.format(min);
    String high = max == INFINITY ? "" : (maxIncluded ? "at most " : "below ") + Types.format(max);
    return low.isEmpty() || high.isEmpty() ? low + high : low + " and " + high;
  }
}
