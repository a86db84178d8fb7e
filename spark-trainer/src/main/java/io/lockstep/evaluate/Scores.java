package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The scores of examples with their yes-no labels and weights, from which curves are computed:
 * exactly for up to {@value #EXACT} of them, from {@link ScoreBins} beyond. So an evaluation takes
 * some MiB however many examples it has; whether it is exact depends on their number only. What
 * weighs nothing is not counted.
 *
 * <p>Byte layout: count (int, -1 for bins); then the bins, or whether there are weights (int, 0 or
 * 1), {@code ceil(count / 64)} words of labels (long, lowest bit first), count scores (float), and
 * count weights (float) if there are.
 */
final class Scores {
  /** So many scores are kept as they are. */
  static final int EXACT = 1 << 20;

  private float[] scores = new float[1024];
  private long[] positives = new long[1024 / Long.SIZE];
  private float[] weights; // null as long as all are 1
  private int count;
  private ScoreBins bins; // null as long as the scores are kept

  /** Takes scores from the highest to the lowest. */
  interface Descent {
    /**
     * The examples of one score, or of a bin of them.
     *
     * @param lowest score of all of them; of a bin the lowest that it may hold
     * @param highest the same; of a bin the highest that it may hold
     * @param yes weight of those that are
     * @param no weight of those that are not; both together are above 0
     */
    void add(float lowest, float highest, double yes, double no);
  }

  void add(float score, boolean positive, float weight) {
    if (weight == 0) {
      return;
    }
    if (bins == null && count == EXACT) {
      intoBins();
    }
    if (bins != null) {
      bins.add(score, positive, weight);
      return;
    }
    if (count == scores.length) {
      grow(count + 1);
    }
    if (weight != 1 && weights == null) {
      weights = new float[scores.length];
      Arrays.fill(weights, 0, count, 1f);
    }
    scores[count] = score;
    if (positive) {
      positives[count / Long.SIZE] |= 1L << count;
    }
    if (weights != null) {
      weights[count] = weight;
    }
    count++;
  }

  private void intoBins() {
    bins = new ScoreBins();
    for (int i = 0; i < count; i++) {
      bins.add(scores[i], positive(i), weight(i));
    }
    count = 0;
    scores = new float[0];
    positives = new long[0];
    weights = null;
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
      add(other.scores[i], other.positive(i), other.weight(i));
    }
  }

  private void grow(int needed) {
    int size = Math.min(EXACT, Math.max(needed, 2 * scores.length));
    scores = Arrays.copyOf(scores, size);
    positives = Arrays.copyOf(positives, words(size));
    weights = weights == null ? null : Arrays.copyOf(weights, size);
  }

  private boolean positive(int i) {
    return (positives[i / Long.SIZE] >>> i & 1) != 0;
  }

  private float weight(int i) {
    return weights == null ? 1f : weights[i];
  }

  private static int words(int count) {
    return (int) ((count + Long.SIZE - 1L) / Long.SIZE);
  }

  long encodedBytes() {
    return Integer.BYTES
        + (bins != null
            ? ScoreBins.encodedBytes()
            : Integer.BYTES + exactBytes(count, weights != null));
  }

  private static long exactBytes(int count, boolean weighted) {
    return (long) words(count) * Long.BYTES + (weighted ? 2L : 1L) * count * Float.BYTES;
  }

  void write(ByteBuffer out) {
    if (bins != null) {
      out.putInt(-1);
      bins.write(out);
      return;
    }
    out.putInt(count).putInt(weights == null ? 0 : 1);
    out.asLongBuffer().put(positives, 0, words(count));
    out.position(out.position() + words(count) * Long.BYTES);
    write(out, scores);
    if (weights != null) {
      write(out, weights);
    }
  }

  private void write(ByteBuffer out, float[] values) {
    out.asFloatBuffer().put(values, 0, count);
    out.position(out.position() + count * Float.BYTES);
  }

  void read(ByteBuffer in) {
    int stored = in.getInt();
    if (stored == -1) {
      intoBins();
      bins.read(in);
      return;
    }
    int weighted = in.getInt();
    boolean sound = stored >= 0 && stored <= EXACT && (weighted == 0 || weighted == 1);
    if (!sound || exactBytes(stored, weighted == 1) != in.remaining()) {
      throw new IllegalArgumentException(
          "Evaluation state says %d scores, but %d bytes follow".formatted(stored, in.remaining()));
    }
    count = stored;
    positives = new long[words(stored)];
    in.asLongBuffer().get(positives);
    in.position(in.position() + positives.length * Long.BYTES);
    scores = read(in, stored);
    weights = weighted == 1 ? read(in, stored) : null;
  }

  private static float[] read(ByteBuffer in, int count) {
    float[] values = new float[count];
    in.asFloatBuffer().get(values);
    in.position(in.position() + count * Float.BYTES);
    return values;
  }

  /** Areas under the curves; NaN where the examples are all of one kind or there are none. */
  Areas areas() {
    Totals totals = totals();
    var curves = new Curves(totals.yes, totals.no);
    descend(curves);
    return curves.areas();
  }

  /** The threshold at which {@code goal} is best; empty if the examples are all of one kind. */
  Optional<Threshold> best(Threshold.Goal goal) {
    Totals totals = totals();
    if (totals.yes == 0 || totals.no == 0) {
      return Optional.empty();
    }
    var search = new Threshold.Search(goal, totals.yes, totals.no);
    descend(search);
    return Optional.ofNullable(search.best());
  }

  /** The weights of all that are yes, and of all that are no. */
  private Totals totals() {
    var totals = new Totals();
    if (bins != null) {
      totals.add(0, 0, bins.positives(), bins.negatives());
    } else if (weights == null) {
      int yes = LongStream.of(positives).mapToInt(Long::bitCount).sum();
      totals.add(0, 0, yes, count - yes);
    } else {
      descend(totals);
    }
    return totals;
  }

  /** Sums in the order of the scores: those of the examples' order would hang on who merged. */
  private static final class Totals implements Descent {
    private double yes;
    private double no;

    @Override
    public void add(float lowest, float highest, double moreYes, double moreNo) {
      yes += moreYes;
      no += moreNo;
    }
  }

  private void descend(Descent descent) {
    if (bins != null) {
      bins.descend(descent);
      return;
    }
    if (weights == null) {
      descendCounted(descent);
      return;
    }
    descendWeighted(descent);
  }

  private void descendCounted(Descent descent) {
    // Scores in ascending order, each packed with its label.
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (long) ScoreBins.ascending(scores[i]) << 1 | (positive(i) ? 1 : 0);
    }
    Arrays.sort(order);
    for (int i = count - 1; i >= 0; ) {
      long key = order[i] >> 1;
      double yes = 0;
      double no = 0;
      for (; i >= 0 && order[i] >> 1 == key; i--) {
        if ((order[i] & 1) != 0) {
          yes++;
        } else {
          no++;
        }
      }
      float score = ScoreBins.score((int) key);
      descent.add(score, score, yes, no);
    }
  }

  /** By score, label and weight: so sums are the same in whatever order examples came. */
  private void descendWeighted(Descent descent) {
    // Score, then weight, which is above 0: its bits grow with it.
    long[][] byLabel = {new long[count], new long[count]};
    int[] sizes = new int[2];
    for (int i = 0; i < count; i++) {
      long score = ScoreBins.ascending(scores[i]);
      int label = positive(i) ? 1 : 0;
      byLabel[label][sizes[label]++] = score << Integer.SIZE | Float.floatToIntBits(weights[i]);
    }
    Arrays.sort(byLabel[0], 0, sizes[0]);
    Arrays.sort(byLabel[1], 0, sizes[1]);
    int no = sizes[0] - 1;
    int yes = sizes[1] - 1;
    while (no >= 0 || yes >= 0) {
      long noKey = no < 0 ? Long.MIN_VALUE : byLabel[0][no] >> Integer.SIZE;
      long yesKey = yes < 0 ? Long.MIN_VALUE : byLabel[1][yes] >> Integer.SIZE;
      long key = Math.max(noKey, yesKey);
      double ofYes = 0;
      double ofNo = 0;
      for (; yes >= 0 && byLabel[1][yes] >> Integer.SIZE == key; yes--) {
        ofYes += Float.intBitsToFloat((int) byLabel[1][yes]);
      }
      for (; no >= 0 && byLabel[0][no] >> Integer.SIZE == key; no--) {
        ofNo += Float.intBitsToFloat((int) byLabel[0][no]);
      }
      float score = ScoreBins.score((int) key);
      descent.add(score, score, ofYes, ofNo);
    }
  }

  /**
   * @param roc area under the receiver operating characteristic, by trapezoids
   * @param precisionRecall area under the precision-recall curve, by trapezoids, from precision 1
   *     at recall 0
   * @param averagePrecision the same by steps: the mean precision over all that are yes
   */
  record Areas(double roc, double precisionRecall, double averagePrecision) {}
}
