package io.lockstep.generate;

import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Draws tokens; the same seed draws the same from the same probabilities, on every machine. Not
 * thread-safe.
 */
public final class Sampler {
  private final Sampling sampling;
  private final int reserved;
  private final SplitMix64 random;

  /**
   * @param reserved ids from 0 on that are never drawn
   */
  public Sampler(Sampling sampling, int reserved, long seed) {
    this.sampling = sampling;
    this.reserved = reserved;
    this.random = new SplitMix64(Seeds.derive(Seeds.Purpose.GENERATE, seed));
  }

  /**
   * The next token.
   *
   * @param probabilities of all ids, {@code [vocabulary]}
   */
  public int next(float[] probabilities) {
    Integer[] ids = new Integer[probabilities.length - reserved];
    Arrays.setAll(ids, i -> i + reserved);
    // Ties by the smaller id, so that they are the same everywhere.
    Arrays.sort(
        ids,
        Comparator.comparingDouble((Integer id) -> -probabilities[id])
            .thenComparing(Comparator.naturalOrder()));
    if (sampling.temperature() == 0) {
      return ids[0];
    }
    int candidates = sampling.topK() == 0 ? ids.length : Math.min(sampling.topK(), ids.length);
    double[] weights = new double[candidates];
    double largest = StrictMath.log(probabilities[ids[0]]);
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      double ratio = (StrictMath.log(probabilities[ids[i]]) - largest) / sampling.temperature();
      weights[i] = StrictMath.exp(ratio);
      all += weights[i];
    }
    return ids[drawn(weights, nucleus(weights, all))];
  }

  /** Sum of the first weights that together reach the wanted share of {@code all}. */
  private double nucleus(double[] weights, double all) {
    if (sampling.topP() == 1) {
      return all;
    }
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
      if (sum >= sampling.topP() * all) {
        break;
      }
    }
    return sum;
  }

  /** Index of a weight, drawn from those whose sum is {@code sum}. */
  private int drawn(double[] weights, double sum) {
    double at = random.nextDouble() * sum;
    int last = 0;
    for (int i = 0; i < weights.length && at >= 0; i++) {
      at -= weights[i];
      last = i;
    }
    return last;
  }
}
