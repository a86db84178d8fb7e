package io.lockstep.evaluate;

import java.nio.ByteBuffer;

/**
 * Scores of any number of examples, counted in bins with edges that never move.
 *
 * <p>A bin holds the floats that agree in sign, exponent and the first eight bits of the mantissa:
 * a score is known to 0.4 %. Which bin a score is in depends on nothing but the score, so neither
 * the order of examples nor of merging changes a count.
 *
 * <p>Byte layout: counts of no, then of yes, {@value #BINS} longs each.
 */
final class ScoreBins {
  private static final int SHIFT = 15;
  static final int BINS = 1 << (Integer.SIZE - SHIFT);

  private final long[] no = new long[BINS];
  private final long[] yes = new long[BINS];

  /** The float's bits as a number that grows with it; 0.0 and -0.0 are one. */
  static int ascending(float score) {
    int bits = Float.floatToIntBits(score == 0 ? 0f : score);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  void add(float score, boolean positive) {
    int bin = (ascending(score) >> SHIFT) + BINS / 2;
    (positive ? yes : no)[bin]++;
  }

  void merge(ScoreBins that) {
    Longs.add(no, that.no);
    Longs.add(yes, that.yes);
  }

  static long encodedBytes() {
    return 2L * BINS * Long.BYTES;
  }

  void write(ByteBuffer out) {
    Longs.write(out, no);
    Longs.write(out, yes);
  }

  void read(ByteBuffer in) {
    Longs.read(in, no);
    Longs.read(in, yes);
  }

  /** Adds all bins to a curve, the highest scores first. */
  void addTo(Curves curves) {
    for (int bin = BINS - 1; bin >= 0; bin--) {
      if (no[bin] + yes[bin] > 0) {
        curves.add(yes[bin], no[bin]);
      }
    }
  }

  long positives() {
    return sum(yes);
  }

  long negatives() {
    return sum(no);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
