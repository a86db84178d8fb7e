package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of independent yes-no columns: an output above 0.5 is a yes, and so is such a label.
 *
 * <p>Byte layout: hits, predicted and actual yes per column (3 x width longs), examples (long), and
 * for a single column its {@link Scores}.
 */
final class BinaryTally implements Tally {
  private final int width;
  private final HitCounts counts;
  private final Scores scores;
  private long examples;

  BinaryTally(int width) {
    this.width = width;
    counts = new HitCounts(width);
    scores = width == 1 ? new Scores() : null;
  }

  @Override
  public void add(float[] outputs, float[] labels, int rows) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < width; column++) {
        boolean guess = outputs[row * width + column] > 0.5f;
        boolean label = labels[row * width + column] > 0.5f;
        counts.addColumn(column, guess, label);
        if (scores != null) {
          scores.add(outputs[row], label);
        }
      }
    }
    examples += rows;
  }

  @Override
  public void merge(Tally other) {
    var that = (BinaryTally) other;
    counts.merge(that.counts);
    examples += that.examples;
    if (scores != null) {
      scores.merge(that.scores);
    }
  }

  @Override
  public long encodedBytes() {
    return counts.encodedBytes() + Long.BYTES + (scores == null ? 0 : scores.encodedBytes());
  }

  @Override
  public void write(ByteBuffer out) {
    counts.write(out);
    out.putLong(examples);
    if (scores != null) {
      scores.write(out);
    }
  }

  @Override
  public void read(ByteBuffer in) {
    counts.read(in);
    examples = in.getLong();
    if (scores != null) {
      scores.read(in);
    }
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
      accuracy.add(right(c) / (double) examples);
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
    long missed = ofYes.actual() - ofYes.hits();
    long falseAlarms = ofYes.predicted() - ofYes.hits();
    long rejected = examples - ofYes.actual() - falseAlarms;
    Counts ofNo = new Counts(rejected, examples - ofYes.predicted(), examples - ofYes.actual());
    ClassScores no = ofNo.scores(names.get(0));
    ClassScores yes = ofYes.scores(names.get(1));
    result.classes(List.of(no, yes));
    result.confusion(
        new ConfusionMatrix(names, new long[][] {{rejected, falseAlarms}, {missed, ofYes.hits()}}));
    result.set(Metric.ACCURACY, right(0) / (double) examples);
    result.set(Metric.PRECISION, yes.precision());
    result.set(Metric.RECALL, yes.recall());
    result.set(Metric.F1, yes.f1());
    Scores.Areas areas = scores.areas();
    result.set(Metric.AUC, areas.roc());
    result.set(Metric.AUPRC, areas.precisionRecall());
  }

  /** Yes taken for yes and no for no. */
  private long right(int column) {
    Counts ofYes = counts.of(column);
    return examples - ofYes.actual() - ofYes.predicted() + 2 * ofYes.hits();
  }
}
