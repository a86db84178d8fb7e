package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The scores of all examples with their yes-no labels, from which curves are computed exactly.
 *
 * <p>Byte layout: count (int), {@code ceil(count / 64)} words of labels (long, lowest bit first),
 * count scores (float).
 */
final class Scores {
  private float[] scores = new float[1024];
  private long[] positives = new long[1024 / Long.SIZE];
  private int count;

  void add(float score, boolean positive) {
    if (count == scores.length) {
      grow(count + 1L);
    }
    scores[count] = score;
    if (positive) {
      positives[count / Long.SIZE] |= 1L << count;
    }
    count++;
  }

  void merge(Scores other) {
    grow((long) count + other.count);
    for (int i = 0; i < other.count; i++) {
      add(other.scores[i], other.positive(i));
    }
  }

  private void grow(long needed) {
    if (needed <= scores.length) {
      return;
    }
    if (needed > Integer.MAX_VALUE - 64) {
      throw new IllegalStateException(
          "An exact ROC curve holds up to %d examples, not %d: evaluate a sample"
              .formatted(Integer.MAX_VALUE - 64, needed));
    }
    int size = (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(needed, 2L * scores.length));
    scores = Arrays.copyOf(scores, size);
    positives = Arrays.copyOf(positives, words(size));
  }

  private boolean positive(int i) {
    return (positives[i / Long.SIZE] >>> i & 1) != 0;
  }

  private static int words(int count) {
    return (int) ((count + Long.SIZE - 1L) / Long.SIZE);
  }

  long encodedBytes() {
    return Integer.BYTES + (long) words(count) * Long.BYTES + (long) count * Float.BYTES;
  }

  void write(ByteBuffer out) {
    out.putInt(count);
    out.asLongBuffer().put(positives, 0, words(count));
    out.position(out.position() + words(count) * Long.BYTES);
    out.asFloatBuffer().put(scores, 0, count);
    out.position(out.position() + count * Float.BYTES);
  }

  void read(ByteBuffer in) {
    int stored = in.getInt();
    long bytes = stored < 0 ? -1 : (long) words(stored) * Long.BYTES + (long) stored * Float.BYTES;
    if (bytes != in.remaining()) {
      throw new IllegalArgumentException(
          "Evaluation state says %d scores, but %d bytes follow".formatted(stored, in.remaining()));
    }
    count = stored;
    positives = new long[words(stored)];
    in.asLongBuffer().get(positives);
    in.position(in.position() + positives.length * Long.BYTES);
    scores = new float[stored];
    in.asFloatBuffer().get(scores);
    in.position(in.position() + stored * Float.BYTES);
  }

  /** Areas under both curves; NaN where the examples are all of one kind or there are none. */
  Areas areas() {
    // Scores in descending order, each packed with its label: float bits made order-preserving.
    long[] order = new long[count];
    long positiveTotal = 0;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToIntBits(scores[i] == 0 ? 0f : scores[i]);
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      order[i] = (long) ascending << 1 | (positive(i) ? 1 : 0);
      positiveTotal += positive(i) ? 1 : 0;
    }
    Arrays.sort(order);
    long negativeTotal = count - positiveTotal;

    // Twice the area in units of one positive times one negative: whole numbers, so exact.
    long doubledArea = 0;
    double recallArea = 0;
    long truePositives = 0;
    long falsePositives = 0;
    double lastRecall = 0;
    double lastPrecision = 1;
    for (int i = count - 1; i >= 0; ) {
      long key = order[i] >> 1;
      long truesBefore = truePositives;
      long falsesBefore = falsePositives;
      for (; i >= 0 && order[i] >> 1 == key; i--) {
        truePositives += order[i] & 1;
        falsePositives += 1 - (order[i] & 1);
      }
      doubledArea += (falsePositives - falsesBefore) * (truesBefore + truePositives);
      double recall = truePositives / (double) positiveTotal;
      double precision = truePositives / (double) (truePositives + falsePositives);
      recallArea += (recall - lastRecall) * (precision + lastPrecision) / 2;
      lastRecall = recall;
      lastPrecision = precision;
    }
    double pairs = (double) positiveTotal * negativeTotal;
    return new Areas(doubledArea / (2 * pairs), positiveTotal == 0 ? Double.NaN : recallArea);
  }

  /**
   * @param roc area under the receiver operating characteristic, by trapezoids
   * @param precisionRecall area under the precision-recall curve, by trapezoids, from precision 1
   *     at recall 0
   */
  record Areas(double roc, double precisionRecall) {}
}
