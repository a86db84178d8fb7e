package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The scores of examples with their yes-no labels, from which curves are computed: exactly for up
 * to {@value #EXACT} of them, from {@link ScoreBins} beyond. So an evaluation takes some MiB
 * however many examples it has; whether it is exact depends on their number only.
 *
 * <p>Byte layout: count (int, -1 for bins); then {@code ceil(count / 64)} words of labels (long,
 * lowest bit first) and count scores (float), or the bins.
 */
final class Scores {
  /** So many scores are kept as they are. */
  static final int EXACT = 1 << 20;

  private float[] scores = new float[1024];
  private long[] positives = new long[1024 / Long.SIZE];
  private int count;
  private ScoreBins bins; // null as long as the scores are kept

  void add(float score, boolean positive) {
    if (bins == null && count == EXACT) {
      intoBins();
    }
    if (bins != null) {
      bins.add(score, positive);
      return;
    }
    if (count == scores.length) {
      grow(count + 1);
    }
    scores[count] = score;
    if (positive) {
      positives[count / Long.SIZE] |= 1L << count;
    }
    count++;
  }

  private void intoBins() {
    bins = new ScoreBins();
    for (int i = 0; i < count; i++) {
      bins.add(scores[i], positive(i));
    }
    count = 0;
    scores = new float[0];
    positives = new long[0];
  }

  void merge(Scores other) {
    if (other.bins != null) {
      if (bins == null) {
        intoBins();
      }
      bins.merge(other.bins);
      return;
    }
    for (int i = 0; i < other.count; i++) {
      add(other.scores[i], other.positive(i));
    }
  }

  private void grow(int needed) {
    int size = Math.min(EXACT, Math.max(needed, 2 * scores.length));
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
    return Integer.BYTES
        + (bins != null
            ? ScoreBins.encodedBytes()
            : (long) words(count) * Long.BYTES + (long) count * Float.BYTES);
  }

  void write(ByteBuffer out) {
    if (bins != null) {
      out.putInt(-1);
      bins.write(out);
      return;
    }
    out.putInt(count);
    out.asLongBuffer().put(positives, 0, words(count));
    out.position(out.position() + words(count) * Long.BYTES);
    out.asFloatBuffer().put(scores, 0, count);
    out.position(out.position() + count * Float.BYTES);
  }

  void read(ByteBuffer in) {
    int stored = in.getInt();
    if (stored == -1) {
      intoBins();
      bins.read(in);
      return;
    }
    long bytes =
        stored < 0 || stored > EXACT
            ? -1
            : (long) words(stored) * Long.BYTES + (long) stored * Float.BYTES;
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
    if (bins != null) {
      var curves = new Curves(bins.positives(), bins.negatives());
      bins.addTo(curves);
      return curves.areas();
    }
    // Scores in ascending order, each packed with its label.
    long[] order = new long[count];
    long positiveTotal = 0;
    for (int i = 0; i < count; i++) {
      order[i] = (long) ScoreBins.ascending(scores[i]) << 1 | (positive(i) ? 1 : 0);
      positiveTotal += positive(i) ? 1 : 0;
    }
    Arrays.sort(order);
    var curves = new Curves(positiveTotal, count - positiveTotal);
    for (int i = count - 1; i >= 0; ) {
      long key = order[i] >> 1;
      long yes = 0;
      long no = 0;
      for (; i >= 0 && order[i] >> 1 == key; i--) {
        yes += order[i] & 1;
        no += 1 - (order[i] & 1);
      }
      curves.add(yes, no);
    }
    return curves.areas();
  }

  /**
   * @param roc area under the receiver operating characteristic, by trapezoids
   * @param precisionRecall area under the precision-recall curve, by trapezoids, from precision 1
   *     at recall 0
   */
  record Areas(double roc, double precisionRecall) {}
}
