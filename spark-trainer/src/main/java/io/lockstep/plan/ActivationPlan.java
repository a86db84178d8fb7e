package io.lockstep.plan;

/** The function after a layer. */
public sealed interface ActivationPlan {
  /** Functions without parameters, by their name in camelCase. */
  enum Plain implements ActivationPlan {
    LINEAR("x"),
    RELU("max(x, 0)"),
    RELU6("min(max(x, 0), 6)"),
    SIGMOID("1 / (1 + exp(-x))"),
    HARD_SIGMOID("min(max(0.2 x + 0.5, 0), 1)"),
    TANH("tanh(x)"),
    HARD_TANH("min(max(x, -1), 1)"),
    SOFTMAX("exp(x) over its sum: probabilities of classes"),
    SOFTPLUS("log(1 + exp(x))"),
    SOFTSIGN("x / (1 + |x|)"),
    ELU("x if positive, else exp(x) - 1"),
    SELU("scaled elu that keeps mean and variance; with lecunNormal"),
    GELU("x * sigmoid(1.702 x), an approximation of x times the normal distribution function"),
    SWISH("x * sigmoid(x)"),
    MISH("x * tanh(softplus(x))");

    private final String formula;

    Plain(String formula) {
      this.formula = formula;
    }

    String formula() {
      return formula;
    }
  }

  /** {@code x} if positive, {@code alpha * x} otherwise. */
  record LeakyRelu(double alpha) implements ActivationPlan {}

  /** {@code x} if above {@code theta}, 0 otherwise. */
  record ThresholdedRelu(double theta) implements ActivationPlan {}
}
