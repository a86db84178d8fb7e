package io.lockstep.evaluate;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param task what the outputs mean
 * @param width values per output and per label; at least 2 for classes and tokens
 * @param topK k of top-k accuracy in [1, width]; 1 for all but classes and tokens
 */
public record EvaluationSpec(Task task, int width, int topK) implements Serializable {
  public EvaluationSpec {
    if (width < 1 || (task.hasClasses() && width < 2)) {
      throw new IllegalArgumentException(
          "%s needs outputs of width %d or more, not %d"
              .formatted(task, task.hasClasses() ? 2 : 1, width));
    }
    if (topK < 1 || topK > (task.hasClasses() ? width : 1)) {
      throw new IllegalArgumentException(
          "topK %d does not suit %s with outputs of width %d".formatted(topK, task, width));
    }
  }

  /** Measures {@code task} without top-k accuracy. */
  public EvaluationSpec(Task task, int width) {
    this(task, width, 1);
  }

  /** The metrics that an evaluation by this has, in the order of {@link Metric}. */
  public Set<Metric> metrics() {
    if (task == Task.REGRESSION) {
      return Collections.unmodifiableSet(
          EnumSet.of(Metric.LOSS, Metric.MSE, Metric.MAE, Metric.RMSE, Metric.R2));
    }
    if (task == Task.LANGUAGE_MODEL) {
      Set<Metric> metrics =
          EnumSet.of(
              Metric.LOSS,
              Metric.ACCURACY,
              Metric.CROSS_ENTROPY,
              Metric.PERPLEXITY,
              Metric.BITS_PER_TOKEN);
      if (topK > 1) {
        metrics.add(Metric.TOP_K);
      }
      return Collections.unmodifiableSet(metrics);
    }
    Set<Metric> metrics =
        EnumSet.of(Metric.LOSS, Metric.ACCURACY, Metric.PRECISION, Metric.RECALL, Metric.F1);
    if (topK > 1) {
      metrics.add(Metric.TOP_K);
    }
    if (width == (task == Task.BINARY ? 1 : 2)) {
      metrics.add(Metric.AUC);
      metrics.add(Metric.AUPRC);
    }
    return Collections.unmodifiableSet(metrics);
  }
}
