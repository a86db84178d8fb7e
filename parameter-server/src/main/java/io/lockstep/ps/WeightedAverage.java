package io.lockstep.ps;

/**
 * The example-weighted mean of vectors, summed in the order in which they are added.
 *
 * <p>Each product of a float and a weight below 2^29 is exact in double, sums are kept in double,
 * and the mean is rounded to float once. So one vector averages to itself bit for bit, replicas
 * that agree stay what they are, and the result depends on the order of {@code add} only; the
 * engines always add in replica order. Weighted as in federated averaging (McMahan et al., arXiv
 * 1602.05629): uneven shards count by their examples. Not thread-safe.
 */
public final class WeightedAverage {
  private final double[] sums;
  private long weight;

  /** An average over vectors of {@code length} values. */
  public WeightedAverage(int length) {
    sums = new double[length];
  }

  /**
   * Adds {@code values} with {@code weight}; weight 0 adds nothing, whatever the values.
   *
   * @throws IllegalArgumentException if the length differs from the average's
   */
  public void add(float[] values, long weight) {
    if (weight == 0) {
      return;
    }
    if (values.length != sums.length) {
      throw new IllegalArgumentException(
          "a vector of %d values cannot join an average of %d"
              .formatted(values.length, sums.length));
    }
    double w = weight;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += w * values[i];
    }
    this.weight += weight;
  }

  /** Sum of the weights added. */
  public long weight() {
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
    float[] mean = new float[sums.length];
    double w = weight;
    for (int i = 0; i < sums.length; i++) {
      mean[i] = (float) (sums[i] / w);
    }
    return mean;
  }
}
