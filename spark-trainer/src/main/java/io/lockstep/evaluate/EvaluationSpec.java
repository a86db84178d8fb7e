package io.lockstep.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param task what the outputs mean
 * @param width values per output and per label; at least 2 for classes and tokens; of several
 *     outputs their number
 * @param topK k of top-k accuracy in [1, width]; 1 for all but classes and tokens
 * @param threshold above which the output for the second of two classes, or a single output, is a
 *     yes; NaN for the usual: the class with the highest output, or one half
 * @param outputs what is measured of each of several outputs; else empty
 */
public record EvaluationSpec(Task task, int width, int topK, float threshold, List<Output> outputs)
    implements Serializable {
  /**
   * One of several outputs.
   *
   * @param name of the output
   * @param spec of what is measured of it
   */
  public record Output(String name, EvaluationSpec spec) implements Serializable {}

  public EvaluationSpec {
    outputs = List.copyOf(outputs);
    if ((task == Task.SEVERAL) != (outputs.size() > 0)
        || (task == Task.SEVERAL && outputs.size() != width)
        || outputs.stream().anyMatch(it -> it.spec().task() == Task.SEVERAL)) {
      throw new IllegalArgumentException(task + " with the outputs " + outputs);
    }
    if (width < 1 || (task.hasClasses() && width < 2)) {
      throw new IllegalArgumentException(
          "%s needs outputs of width %d or more, not %d"
              .formatted(task, task.hasClasses() ? 2 : 1, width));
    }
    if (topK < 1 || topK > (task.hasClasses() ? width : 1)) {
      throw new IllegalArgumentException(
          "topK %d does not suit %s with outputs of width %d".formatted(topK, task, width));
    }
    boolean yesNo =
        (task == Task.BINARY && width == 1) || (task == Task.CLASSIFICATION && width == 2);
    if (!Float.isNaN(threshold) && !yesNo) {
      throw new IllegalArgumentException(
          "a threshold does not suit %s with outputs of width %d".formatted(task, width));
    }
  }

  /** Whether there is one output for yes, of which a threshold makes a decision. */
  public boolean isYesNo() {
    return (task == Task.BINARY && width == 1) || (task == Task.CLASSIFICATION && width == 2);
  }

  /**
   * The same with another threshold.
   *
   * @param other NaN for the usual
   */
  public EvaluationSpec withThreshold(float other) {
    return new EvaluationSpec(task, width, topK, other, outputs);
  }

  /** Measures {@code task} without top-k accuracy. */
  public EvaluationSpec(Task task, int width) {
    this(task, width, 1);
  }

  /** Measures one output. */
  public EvaluationSpec(Task task, int width, int topK) {
    this(task, width, topK, Float.NaN, List.of());
  }

  /** Measures several outputs. */
  public static EvaluationSpec of(List<Output> outputs) {
    return new EvaluationSpec(Task.SEVERAL, outputs.size(), 1, Float.NaN, outputs);
  }

  /** What is measured of each output; this alone if there is one. */
  public List<EvaluationSpec> each() {
    return outputs.isEmpty() ? List.of(this) : outputs.stream().map(Output::spec).toList();
  }

  /**
   * All that is measured, as plans have it: {@code accuracy}, or {@code churn.accuracy} of one of
   * several outputs.
   */
  public List<String> words() {
    List<String> words = new ArrayList<>(metrics().stream().map(Metric::word).toList());
    for (Output output : outputs) {
      output.spec().metrics().forEach(it -> words.add(output.name() + "." + it.word()));
    }
    return words;
  }

  /**
   * The metrics that an evaluation by this has, in the order of {@link Metric}; of several outputs
   * those that they have in common.
   */
  public Set<Metric> metrics() {
    if (task == Task.SEVERAL) {
      return Collections.unmodifiableSet(EnumSet.of(Metric.LOSS));
    }
    if (task == Task.FORECAST) {
      return Collections.unmodifiableSet(
          EnumSet.of(
              Metric.LOSS,
              Metric.MSE,
              Metric.MAE,
              Metric.RMSE,
              Metric.R2,
              Metric.MASE,
              Metric.NAIVE_MAE,
              Metric.NAIVE_RMSE,
              Metric.NAIVE_MASE));
    }
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
    if (task == Task.CLASSIFICATION || width == 1) {
      metrics.add(Metric.BALANCED_ACCURACY);
      metrics.add(Metric.MCC);
    }
    if (isYesNo()) {
      metrics.add(Metric.AUC);
      metrics.add(Metric.AUPRC);
      metrics.add(Metric.AVERAGE_PRECISION);
      metrics.add(Metric.BRIER);
    }
    return Collections.unmodifiableSet(metrics);
  }
}
