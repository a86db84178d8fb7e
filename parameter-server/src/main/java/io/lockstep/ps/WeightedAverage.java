package io.lockstep.ps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weighted mean of vectors, summed in the order in which they are added.
 *
 * <p>Products and sums are kept in double and the mean is rounded to float once; with whole weights
 * below 2^29, such as numbers of examples, each product is exact. So one vector averages to itself
 * bit for bit, replicas that agree stay what they are (-0.0 included: sums begin with the first
 * product, not with zero), and the result depends on the order of {@code add} only; the engines
 * always add in replica order. Weighted as in federated averaging (McMahan et al., arXiv
 * 1602.05629): uneven shards count by what they hold.
 *
 * <p>A few vectors at a time are summed range by range, in all cores, each range in its place in
 * the cache; values have nothing to do with each other, so the cores change no bit. Keeps a
 * reference to the vectors added last. Not thread-safe.
 */
public final class WeightedAverage {
  /** Vectors that are summed in one pass; as many are kept alive. */
  private static final int TOGETHER = 4;

  /** Values that one core sums at a time: 32 KiB of sums. */
  private static final int RANGE = 4096;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Weighted(float[] values, double weight) {}

  private final int length;
  private final List<Weighted> waiting = new ArrayList<>();
  private double[] sums; // of the vectors that do not wait; null before there are any
  private double weight;

  /** An average over vectors of {@code length} values. */
  public WeightedAverage(int length) {
    this.length = length;
  }

  /**
   * Adds {@code values} with {@code weight}; weight 0 adds nothing, whatever the values. The array
   * must not change until the mean is taken.
   *
   * @throws IllegalArgumentException if the length differs from the average's, or the weight is
   *     negative or not finite
   */
  public void add(float[] values, double weight) {
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("a weight must be finite and at least 0, not " + weight);
    }
    if (weight == 0) {
      return;
    }
    if (values.length != length) {
      throw new IllegalArgumentException(
          "a vector of %d values cannot join an average of %d".formatted(values.length, length));
    }
    if (waiting.size() == TOGETHER) {
      sumUp();
    }
    waiting.add(new Weighted(values, weight));
    this.weight += weight;
  }

  private void sumUp() {
    boolean first = sums == null;
    double[] next = first ? new double[length] : sums;
    ranges().forEach(from -> sumRange(from, next, from, first));
    sums = next;
    waiting.clear();
  }

  /** Sum of the weights added. */
  public double weight() {
    return weight;
  }

  /**
   * The mean of what was added.
   *
   * @throws IllegalStateException if nothing with weight was added
   */
  public float[] mean() {
    if (weight == 0) {
      throw new IllegalStateException("nothing was added: a mean needs weight");
    }
    float[] mean = new float[length];
    double total = weight;
    boolean first = sums == null;
    ranges()
        .forEach(
            from -> {
              int to = end(from);
              double[] range = first ? new double[to - from] : Arrays.copyOfRange(sums, from, to);
              sumRange(from, range, 0, first);
              for (int i = from; i < to; i++) {
                mean[i] = (float) (range[i - from] / total);
              }
            });
    return mean;
  }

  private IntStream ranges() {
    int count = (int) (((long) length + RANGE - 1) / RANGE);
    return IntStream.range(0, count).map(i -> i * RANGE).parallel();
  }

  private int end(int from) {
    return (int) Math.min((long) from + RANGE, length);
  }

  /**
   * Adds the waiting vectors' values from {@code from} on to {@code to}, in their order.
   *
   * @param first whether nothing was added before, so that {@code to} begins with the first of them
   */
  private void sumRange(int from, double[] to, int at, boolean first) {
    int count = end(from) - from;
    boolean begin = first;
    for (Weighted each : waiting) {
      float[] values = each.values();
      double w = each.weight();
      if (begin) {
        for (int i = 0; i < count; i++) {
          to[at + i] = w * values[from + i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          to[at + i] += w * values[from + i];
        }
      }
      begin = false;
    }
  }
}
