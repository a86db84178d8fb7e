package io.lockstep.plan;

import io.lockstep.config.Types;

/** What training makes smaller; always the mean over the examples. */
public enum LossPlan {
  CATEGORICAL_CROSSENTROPY("-sum(label * log(output)); with softmax, labels one-hot"),
  BINARY_CROSSENTROPY(
      "-mean over outputs of label * log(output) + (1 - label) * log(1 - output); with sigmoid"),
  MSE("mean over outputs of (output - label)^2"),
  MAE("mean over outputs of |output - label|"),
  MAPE("mean over outputs of 100 * |(label - output) / label|"),
  MSLE("mean over outputs of (log(1 + output) - log(1 + label))^2"),
  HINGE("sum over outputs (Keras: mean) of max(0, 1 - label * output), labels -1 and 1"),
  SQUARED_HINGE("sum over outputs (Keras: mean) of max(0, 1 - label * output)^2, labels -1 and 1"),
  KL_DIVERGENCE("sum of label * log(label / output)"),
  POISSON("sum over outputs (Keras: mean) of output - label * log(output)"),
  COSINE_SIMILARITY("-cosine of the angle between label and output");

  private final String formula;

  LossPlan(String formula) {
    this.formula = formula;
  }

  /** As users write it. */
  public String word() {
    return Types.camelCase(this);
  }

  /** What it computes for one example. */
  public String formula() {
    return formula;
  }
}
