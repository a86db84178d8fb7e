package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is remembered of the outputs for "yes" beside counts at one threshold: all of them, for
 * curves and other thresholds, and their squared errors.
 *
 * <p>Byte layout: sum of squared errors and of weights (double), then the {@link Scores}.
 */
final class YesNo {
  private final Scores scores = new Scores();
  private double squares;
  private double total;

  void add(float score, boolean yes, float weight) {
    double error = score - (yes ? 1.0 : 0.0);
    squares += error * error * weight;
    total += weight;
    scores.add(score, yes, weight);
  }

  void merge(YesNo that) {
    squares += that.squares;
    total += that.total;
    scores.merge(that.scores);
  }

  long encodedBytes() {
    return 2 * Double.BYTES + scores.encodedBytes();
  }

  void write(ByteBuffer out) {
    out.putDouble(squares).putDouble(total);
    scores.write(out);
  }

  void read(ByteBuffer in) {
    squares = in.getDouble();
    total = in.getDouble();
    scores.read(in);
  }

  void report(EvaluationResult.Builder result) {
    Scores.Areas areas = scores.areas();
    result.set(Metric.AUC, areas.roc());
    result.set(Metric.AUPRC, areas.precisionRecall());
    result.set(Metric.AVERAGE_PRECISION, areas.averagePrecision());
    result.set(Metric.BRIER, squares / total);
  }

  /** The threshold at which {@code goal} is best; empty where none says yes to a part alone. */
  Optional<Threshold> best(Threshold.Goal goal) {
    return scores.best(goal);
  }
}
