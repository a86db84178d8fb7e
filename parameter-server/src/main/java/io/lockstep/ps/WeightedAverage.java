package io.lockstep.ps;

import java.util.ArrayList;
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
 * the cache; values have nothing to do with each other, so the cores change no bit. Two vectors are
 * added in one loop, which stores half as many sums, and the division has a loop of its own, which
 * HotSpot vectorises, as it does not where floats become doubles. Keeps a reference to the vectors
 * added last. Not thread-safe.
 */
public final class WeightedAverage {
  /** Vectors that are summed in one pass; as many are kept alive. */
  private static final int TOGETHER = 4;

  /** Values of which one core takes care at a time, range by range. */
  private static final int PIECE = 1 << 14;

  /** Values that are summed at a time: they and their sums stay in the first-level cache. */
  private static final int RANGE = 1 << 10;

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
    inRanges((from, count, room) -> sum(from, count, first, next, from));
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
    boolean first = sums == null;
    inRanges(
        (from, count, room) -> {
          if (!first) {
            System.arraycopy(sums, from, room, 0, count);
          }
          sum(from, count, first, room, 0);
          divide(room, weight, count);
          narrow(room, mean, from, count);
        });
    return mean;
  }

  /** What is done with some of the values. */
  private interface Work {
    /**
     * @param room for {@code count} sums
     */
    void of(int from, int count, double[] room);
  }

  private void inRanges(Work work) {
    int pieces = (int) (((long) length + PIECE - 1) / PIECE);
    IntStream.range(0, pieces)
        .parallel()
        .forEach(
            piece -> {
              double[] room = new double[RANGE];
              int end = (int) Math.min((piece + 1L) * PIECE, length);
              for (int from = piece * PIECE; from < end; from += RANGE) {
                work.of(from, Math.min(RANGE, end - from), room);
              }
            });
  }

  /**
   * Adds the waiting vectors' values from {@code from} on to {@code sum} at {@code at}, in their
   * order.
   *
   * @param first whether nothing was added before, so that the sum begins with the first of them
   */
  private void sum(int from, int count, boolean first, double[] sum, int at) {
    int next = 0;
    if (first && waiting.size() > 1) {
      begin(waiting.get(0), waiting.get(1), from, sum, at, count);
      next = 2;
    } else if (first) {
      begin(waiting.get(0), from, sum, at, count);
      next = 1;
    }
    for (; next + 1 < waiting.size(); next += 2) {
      add(waiting.get(next), waiting.get(next + 1), from, sum, at, count);
    }
    if (next < waiting.size()) {
      add(waiting.get(next), from, sum, at, count);
    }
  }

  private static void begin(Weighted a, int from, double[] sum, int at, int count) {
    float[] values = a.values();
    double weight = a.weight();
    for (int i = 0; i < count; i++) {
      sum[at + i] = weight * values[from + i];
    }
  }

  private static void begin(Weighted a, Weighted b, int from, double[] sum, int at, int count) {
    float[] ofA = a.values();
    float[] ofB = b.values();
    double weightA = a.weight();
    double weightB = b.weight();
    for (int i = 0; i < count; i++) {
      sum[at + i] = weightA * ofA[from + i] + weightB * ofB[from + i];
    }
  }

  private static void add(Weighted a, int from, double[] sum, int at, int count) {
    float[] values = a.values();
    double weight = a.weight();
    for (int i = 0; i < count; i++) {
      sum[at + i] += weight * values[from + i];
    }
  }

  private static void add(Weighted a, Weighted b, int from, double[] sum, int at, int count) {
    float[] ofA = a.values();
    float[] ofB = b.values();
    double weightA = a.weight();
    double weightB = b.weight();
    for (int i = 0; i < count; i++) {
      sum[at + i] = sum[at + i] + weightA * ofA[from + i] + weightB * ofB[from + i];
    }
  }

  private static void divide(double[] values, double by, int count) {
    for (int i = 0; i < count; i++) {
      values[i] /= by;
    }
  }

  private static void narrow(double[] values, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) values[i];
    }
  }
}
