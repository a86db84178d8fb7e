package io.lockstep.evaluate;

import io.lockstep.data.Labels;

/** What the outputs of a network mean, and so which metrics they have. */
public enum Task {
  /** Each example is of one class; outputs are scores or probabilities, one column per class. */
  CLASSIFICATION(1),
  /** Each column is an independent yes or no: outputs are probabilities in [0, 1]. */
  BINARY(2),
  /** Outputs are numbers to be met. */
  REGRESSION(3),
  /** Each time step is to foretell the token after it; outputs are probabilities of all tokens. */
  LANGUAGE_MODEL(4),
  /** Several outputs, each with a task of its own. */
  SEVERAL(5),
  /** Outputs foretell the next steps of a series; a naive forecast is measured beside them. */
  FORECAST(6);

  /** What stands for the task in the byte layout; never changed once released. */
  final int code;

  Task(int code) {
    this.code = code;
  }

  /**
   * What a network with {@code outputs} output values does with {@code labels}.
   *
   * @param nextToken whether the classes are the tokens of a text that come next
   */
  public static Task of(Labels labels, int outputs, boolean nextToken) {
    if (nextToken) {
      return LANGUAGE_MODEL;
    }
    if (labels instanceof Labels.Targets) {
      return REGRESSION;
    }
    return outputs == 1 ? BINARY : CLASSIFICATION;
  }

  /**
   * Whether each row has one right column among several, of which the k highest can be looked at.
   */
  public boolean hasClasses() {
    return this == CLASSIFICATION || this == LANGUAGE_MODEL;
  }

  static Task ofCode(int code) {
    for (Task task : values()) {
      if (task.code == code) {
        return task;
      }
    }
    throw new IllegalArgumentException("Unknown evaluation task code " + code);
  }
}
