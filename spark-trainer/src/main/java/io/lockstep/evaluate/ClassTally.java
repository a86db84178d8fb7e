package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of a classification.
 *
 * <p>Byte layout: the {@link HitCounts} of all classes, top-k hits (double), the confusion matrix
 * if there are at most {@value #CONFUSION_CLASSES} classes ({@link SparseLongs}), and for two
 * classes the {@link YesNo} of the second.
 */
final class ClassTally implements Tally {
  /** Up to as many classes who-for-whom is counted: 8 MB. */
  static final int CONFUSION_CLASSES = 1000;

  private final int width;
  private final int topK;
  private final HitCounts counts;
  private final long[] confusion;
  private final YesNo scores;
  private final float threshold;
  private double topHits;

  /**
   * @param threshold above which an output of the second of two classes is a yes; NaN where the
   *     highest output decides
   */
  ClassTally(int width, int topK, float threshold) {
    this.width = width;
    this.topK = topK;
    this.threshold = threshold;
    counts = new HitCounts(width);
    confusion = new long[width <= CONFUSION_CLASSES ? width * width : 0];
    scores = width == 2 ? new YesNo() : null;
  }

  @Override
  public void add(float[] outputs, float[] labels, float[] weights, int rows) {
    for (int row = 0; row < rows; row++) {
      double weight = weights == null ? 1 : weights[row];
      int from = row * width;
      int label = highest(labels, from);
      int guess = guess(outputs, from);
      counts.addClass(guess, label, weight);
      topHits += isAmongHighest(outputs, from, label) ? weight : 0;
      if (confusion.length > 0) {
        confusion[label * width + guess]++;
      }
      if (scores != null) {
        scores.add(outputs[from + 1], label == 1, (float) weight);
      }
    }
  }

  private int guess(float[] outputs, int from) {
    if (Float.isNaN(threshold)) {
      return highest(outputs, from);
    }
    return outputs[from + 1] > threshold ? 1 : 0;
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
        + Double.BYTES
        + SparseLongs.encodedBytes(confusion)
        + (scores == null ? 0 : scores.encodedBytes());
  }

  @Override
  public void write(ByteBuffer out) {
    counts.write(out);
    out.putDouble(topHits);
    SparseLongs.write(out, confusion);
    if (scores != null) {
      scores.write(out);
    }
  }

  @Override
  public void read(ByteBuffer in) {
    counts.read(in);
    topHits = in.getDouble();
    SparseLongs.read(in, confusion);
    if (scores != null) {
      scores.read(in);
    }
  }

  @Override
  public YesNo yesNo() {
    return scores;
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    var classes = new ArrayList<ClassScores>();
    var each = new ArrayList<Counts>();
    double right = 0;
    double total = 0;
    for (int c = 0; c < width; c++) {
      Counts ofClass = counts.of(c);
      each.add(ofClass);
      classes.add(ofClass.scores(names.get(c)));
      right += ofClass.hits();
      total += ofClass.actual();
    }
    result.classes(classes);
    result.set(Metric.ACCURACY, right / total);
    if (topK > 1) {
      result.set(Metric.TOP_K, topHits / total);
    }
    if (width == 2) {
      ClassScores yes = classes.get(1);
      result.set(Metric.PRECISION, yes.precision());
      result.set(Metric.RECALL, yes.recall());
      result.set(Metric.F1, yes.f1());
      scores.report(result);
    } else {
      reportMacroAverages(result, classes);
    }
    result.set(Metric.BALANCED_ACCURACY, Balance.accuracy(each));
    result.set(Metric.MCC, Balance.correlation(each));
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
