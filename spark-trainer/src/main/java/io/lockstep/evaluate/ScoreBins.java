package io.lockstep.evaluate;

import java.nio.ByteBuffer;

/**
 * Scores of any number of examples, counted by their weights in bins with edges that never move.
 *
 * <p>A bin holds the floats that agree in sign, exponent and the first eight bits of the mantissa:
 * a score is known to 0.4 %. Which bin a score is in depends on nothing but the score, so neither
 * the order of examples nor of merging changes a count.
 *
 * <p>Byte layout: weights of no, then of yes, {@value #BINS} doubles each.
 */
final class ScoreBins {
  private static final int SHIFT = 15;
  static final int BINS = 1 << (Integer.SIZE - SHIFT);

  private final double[] no = new double[BINS];
  private final double[] yes = new double[BINS];

  /** The float's bits as a number that grows with it; 0.0 and -0.0 are one. */
  static int ascending(float score) {
    return folded(Float.floatToIntBits(score == 0 ? 0f : score));
  }

  /** The float of such a number. */
  static float score(int ascending) {
    return Float.intBitsToFloat(folded(ascending));
  }

  /** Its own inverse. */
  private static int folded(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  void add(float score, boolean positive, double weight) {
    int bin = (ascending(score) >> SHIFT) + BINS / 2;
    (positive ? yes : no)[bin] += weight;
  }

  void merge(ScoreBins that) {
    Doubles.add(no, that.no);
    Doubles.add(yes, that.yes);
  }

  static long encodedBytes() {
    return 2L * BINS * Double.BYTES;
  }

  void write(ByteBuffer out) {
    Doubles.write(out, no);
    Doubles.write(out, yes);
  }

  void read(ByteBuffer in) {
    Doubles.read(in, no);
    Doubles.read(in, yes);
  }

  /** Goes through all bins, the highest scores first. */
  void descend(Scores.Descent descent) {
    for (int bin = BINS - 1; bin >= 0; bin--) {
      if (no[bin] + yes[bin] > 0) {
        int lowest = (bin - BINS / 2) << SHIFT;
        int highest = lowest | ((1 << SHIFT) - 1);
        descent.add(score(lowest), score(highest), yes[bin], no[bin]);
      }
    }
  }

  double positives() {
    return Doubles.sum(yes);
  }

  double negatives() {
    return Doubles.sum(no);
  }
}
