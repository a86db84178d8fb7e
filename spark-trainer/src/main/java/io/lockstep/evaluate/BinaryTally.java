package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of independent yes-no columns: an output above the threshold is a yes, and a label above
 * 0.5.
 *
 * <p>Byte layout: the {@link HitCounts} of all columns, weight of the examples (double), and for a
 * single column who was taken for whom (4 longs) and its {@link YesNo}.
 */
final class BinaryTally implements Tally {
  private static final float HALF = 0.5f;

  private final int width;
  private final float threshold;
  private final HitCounts counts;
  private final long[] confusion;
  private final YesNo scores;
  private double total;

  /**
   * @param threshold of a single column; NaN for one half
   */
  BinaryTally(int width, float threshold) {
    this.width = width;
    this.threshold = Float.isNaN(threshold) ? HALF : threshold;
    counts = new HitCounts(width);
    confusion = new long[width == 1 ? 4 : 0];
    scores = width == 1 ? new YesNo() : null;
  }

  @Override
  public void add(float[] outputs, float[] labels, float[] weights, int rows) {
    for (int row = 0; row < rows; row++) {
      double weight = weights == null ? 1 : weights[row];
      for (int column = 0; column < width; column++) {
        boolean guess = outputs[row * width + column] > threshold;
        boolean label = labels[row * width + column] > HALF;
        counts.addColumn(column, guess, label, weight);
        if (scores != null) {
          confusion[(label ? 2 : 0) + (guess ? 1 : 0)]++;
          scores.add(outputs[row], label, (float) weight);
        }
      }
      total += weight;
    }
  }

  @Override
  public void merge(Tally other) {
    var that = (BinaryTally) other;
    counts.merge(that.counts);
    total += that.total;
    if (scores != null) {
      Longs.add(confusion, that.confusion);
      scores.merge(that.scores);
    }
  }

  @Override
  public long encodedBytes() {
    return counts.encodedBytes()
        + Double.BYTES
        + (scores == null ? 0 : (long) confusion.length * Long.BYTES + scores.encodedBytes());
  }

  @Override
  public void write(ByteBuffer out) {
    counts.write(out);
    out.putDouble(total);
    if (scores != null) {
      Longs.write(out, confusion);
      scores.write(out);
    }
  }

  @Override
  public void read(ByteBuffer in) {
    counts.read(in);
    total = in.getDouble();
    if (scores != null) {
      Longs.read(in, confusion);
      scores.read(in);
    }
  }

  @Override
  public YesNo yesNo() {
    return scores;
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    if (width == 1) {
      reportOne(result, names);
      return;
    }
    var accuracy = new Mean();
    var precision = new Mean();
    var recall = new Mean();
    var f1 = new Mean();
    var columns = new ArrayList<ClassScores>();
    for (int c = 0; c < width; c++) {
      ClassScores column = counts.of(c).scores(names.get(c));
      columns.add(column);
      accuracy.add(right(c) / total);
      precision.add(column.precision());
      recall.add(column.recall());
      f1.add(column.f1());
    }
    result.classes(columns);
    result.set(Metric.ACCURACY, accuracy.value());
    result.set(Metric.PRECISION, precision.value());
    result.set(Metric.RECALL, recall.value());
    result.set(Metric.F1, f1.value());
  }

  private void reportOne(EvaluationResult.Builder result, List<String> names) {
    Counts ofYes = counts.of(0);
    double falseAlarms = ofYes.predicted() - ofYes.hits();
    double no = total - ofYes.actual();
    Counts ofNo =
        new Counts(no - falseAlarms, total - ofYes.predicted(), no, confusion[0] + confusion[1]);
    ClassScores yes = ofYes.scores(names.get(1));
    result.classes(List.of(ofNo.scores(names.get(0)), yes));
    result.confusion(
        new ConfusionMatrix(
            names, new long[][] {{confusion[0], confusion[1]}, {confusion[2], confusion[3]}}));
    result.set(Metric.ACCURACY, right(0) / total);
    result.set(Metric.PRECISION, yes.precision());
    result.set(Metric.RECALL, yes.recall());
    result.set(Metric.F1, yes.f1());
    result.set(Metric.BALANCED_ACCURACY, Balance.accuracy(List.of(ofNo, ofYes)));
    result.set(Metric.MCC, Balance.correlation(List.of(ofNo, ofYes)));
    scores.report(result);
  }

  /** Yes taken for yes and no for no. */
  private double right(int column) {
    Counts ofYes = counts.of(column);
    return total - ofYes.actual() - ofYes.predicted() + 2 * ofYes.hits();
  }
}
