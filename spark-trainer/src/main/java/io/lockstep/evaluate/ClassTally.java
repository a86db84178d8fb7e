package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of a classification.
 *
 * <p>Byte layout: hits, predicted and actual per class (3 x width longs), top-k hits (long), the
 * confusion matrix if there are at most {@value #CONFUSION_CLASSES} classes ({@link SparseLongs}),
 * and for two classes the {@link Scores} of the second.
 */
final class ClassTally implements Tally {
  /** Up to as many classes who-for-whom is counted: 8 MB. */
  static final int CONFUSION_CLASSES = 1000;

  private final int width;
  private final int topK;
  private final HitCounts counts;
  private final long[] confusion;
  private final Scores scores;
  private long topHits;

  ClassTally(int width, int topK) {
    this.width = width;
    this.topK = topK;
    counts = new HitCounts(width);
    confusion = new long[width <= CONFUSION_CLASSES ? width * width : 0];
    scores = width == 2 ? new Scores() : null;
  }

  @Override
  public void add(float[] outputs, float[] labels, int rows) {
    for (int row = 0; row < rows; row++) {
      int from = row * width;
      int label = highest(labels, from);
      int guess = highest(outputs, from);
      counts.addClass(guess, label);
      topHits += isAmongHighest(outputs, from, label) ? 1 : 0;
      if (confusion.length > 0) {
        confusion[label * width + guess]++;
      }
      if (scores != null) {
        scores.add(outputs[from + 1], label == 1);
      }
    }
  }

  /** The first of the highest values, as DL4J's argMax. */
  private int highest(float[] values, int from) {
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  private boolean isAmongHighest(float[] outputs, int from, int label) {
    int higher = 0;
    for (int i = 0; i < width; i++) {
      higher += outputs[from + i] > outputs[from + label] ? 1 : 0;
    }
    return higher < topK;
  }

  @Override
  public void merge(Tally other) {
    var that = (ClassTally) other;
    counts.merge(that.counts);
    Longs.add(confusion, that.confusion);
    topHits += that.topHits;
    if (scores != null) {
      scores.merge(that.scores);
    }
  }

  @Override
  public long encodedBytes() {
    return counts.encodedBytes()
        + Long.BYTES
        + SparseLongs.encodedBytes(confusion)
        + (scores == null ? 0 : scores.encodedBytes());
  }

  @Override
  public void write(ByteBuffer out) {
    counts.write(out);
    out.putLong(topHits);
    SparseLongs.write(out, confusion);
    if (scores != null) {
      scores.write(out);
    }
  }

  @Override
  public void read(ByteBuffer in) {
    counts.read(in);
    topHits = in.getLong();
    SparseLongs.read(in, confusion);
    if (scores != null) {
      scores.read(in);
    }
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    var classes = new ArrayList<ClassScores>();
    long right = 0;
    long examples = 0;
    for (int c = 0; c < width; c++) {
      Counts ofClass = counts.of(c);
      classes.add(ofClass.scores(names.get(c)));
      right += ofClass.hits();
      examples += ofClass.actual();
    }
    result.classes(classes);
    result.set(Metric.ACCURACY, right / (double) examples);
    if (topK > 1) {
      result.set(Metric.TOP_K, topHits / (double) examples);
    }
    if (width == 2) {
      ClassScores yes = classes.get(1);
      result.set(Metric.PRECISION, yes.precision());
      result.set(Metric.RECALL, yes.recall());
      result.set(Metric.F1, yes.f1());
      Scores.Areas areas = scores.areas();
      result.set(Metric.AUC, areas.roc());
      result.set(Metric.AUPRC, areas.precisionRecall());
    } else {
      reportMacroAverages(result, classes);
    }
    if (confusion.length > 0) {
      long[][] counts = new long[width][width];
      for (int c = 0; c < width; c++) {
        System.arraycopy(confusion, c * width, counts[c], 0, width);
      }
      result.confusion(new ConfusionMatrix(names, counts));
    }
  }

  private void reportMacroAverages(EvaluationResult.Builder result, List<ClassScores> classes) {
    var precision = new Mean();
    var recall = new Mean();
    var f1 = new Mean();
    for (int c = 0; c < width; c++) {
      ClassScores scoresOfClass = classes.get(c);
      boolean predicted = counts.of(c).predicted() > 0;
      boolean actual = counts.of(c).actual() > 0;
      if (predicted) {
        precision.add(scoresOfClass.precision());
      }
      if (actual) {
        recall.add(scoresOfClass.recall());
      }
      if (predicted && actual) {
        f1.add(scoresOfClass.f1());
      }
    }
    result.set(Metric.PRECISION, precision.value());
    result.set(Metric.RECALL, recall.value());
    result.set(Metric.F1, f1.value());
  }
}
