package io.lockstep.generate;

import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Draws tokens; the same seed draws the same from the same probabilities, on every machine. Not
 * thread-safe.
 */
public final class Sampler {
  private final Sampling sampling;
  private final int reserved;
  private final SplitMix64 random;
  private long[] ranked = new long[0];
  private double[] weights = new double[0];

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
    if (sampling.temperature() == 0) {
      return likeliest(probabilities);
    }
    rank(probabilities);
    int candidates =
        sampling.topK() == 0 ? ranked.length : Math.min(sampling.topK(), ranked.length);
    double largest = StrictMath.log(probabilities[id(0)]);
    double all = 0;
    for (int i = 0; i < candidates; i++) {
      double ratio = (StrictMath.log(probabilities[id(i)]) - largest) / sampling.temperature();
      weights[i] = StrictMath.exp(ratio);
      all += weights[i];
    }
    return id(drawn(candidates, nucleus(candidates, all)));
  }

  private int likeliest(float[] probabilities) {
    long first = Long.MAX_VALUE;
    for (int id = reserved; id < probabilities.length; id++) {
      first = Math.min(first, key(probabilities[id], id));
    }
    return (int) first;
  }

  /** Puts the ids in the order of their probabilities, the likeliest first. */
  private void rank(float[] probabilities) {
    int count = probabilities.length - reserved;
    if (ranked.length != count) {
      ranked = new long[count];
      weights = new double[count];
    }
    for (int i = 0; i < count; i++) {
      ranked[i] = key(probabilities[reserved + i], reserved + i);
    }
    Arrays.sort(ranked);
  }

  /** The ids in the order that draws take them in. */
  int[] ranked(float[] probabilities) {
    rank(probabilities);
    return IntStream.range(0, ranked.length).map(this::id).toArray();
  }

  /**
   * A number that is the smaller the likelier the token, and of equally likely ones the smaller the
   * id, so that ties are the same everywhere. The bits of floats that are not negative are in the
   * order of their values; what is not a number comes last.
   */
  private static long key(float probability, int id) {
    long bits = Float.isNaN(probability) ? -1 : Float.floatToIntBits(probability);
    return (Integer.MAX_VALUE - 1 - bits) << Integer.SIZE | id;
  }

  private int id(int rank) {
    return (int) ranked[rank];
  }

  /** Sum of the first weights that together reach the wanted share of {@code all}. */
  private double nucleus(int candidates, double all) {
    if (sampling.topP() == 1) {
      return all;
    }
    double sum = 0;
    for (int i = 0; i < candidates; i++) {
      sum += weights[i];
      if (sum >= sampling.topP() * all) {
        break;
      }
    }
    return sum;
  }

  /** Rank of a weight, drawn from those whose sum is {@code sum}. */
  private int drawn(int candidates, double sum) {
    double at = random.nextDouble() * sum;
    int last = 0;
    for (int i = 0; i < candidates && at >= 0; i++) {
      at -= weights[i];
      last = i;
    }
    return last;
  }
}
