package io.lockstep.evaluate;

import java.io.Serializable;

/**
 * What is to be measured.
 *
 * @param task what the outputs mean
 * @param width values per output and per label; at least 2 for classification
 * @param topK k of top-k accuracy in [1, width]; 1 for all but classification
 */
public record EvaluationSpec(Task task, int width, int topK) implements Serializable {
  public EvaluationSpec {
    if (width < 1 || (task == Task.CLASSIFICATION && width < 2)) {
      throw new IllegalArgumentException(
          "%s needs outputs of width %d or more, not %d"
              .formatted(task, task == Task.CLASSIFICATION ? 2 : 1, width));
    }
    if (topK < 1 || topK > (task == Task.CLASSIFICATION ? width : 1)) {
      throw new IllegalArgumentException(
          "topK %d does not suit %s with outputs of width %d".formatted(topK, task, width));
    }
  }

  /** Measures {@code task} without top-k accuracy. */
  public EvaluationSpec(Task task, int width) {
    this(task, width, 1);
  }
}
