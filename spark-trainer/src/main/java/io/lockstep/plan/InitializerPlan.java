package io.lockstep.plan;

import io.lockstep.config.Types;
import io.lockstep.data.InputException;

/** How weights are drawn at the start. */
public sealed interface InitializerPlan {
  /** Those without parameters, by their name in camelCase. */
  enum Plain implements InitializerPlan {
    GLOROT_UNIFORM("uniform within sqrt(6 / (fanIn + fanOut))"),
    GLOROT_NORMAL("normal with deviation sqrt(2 / (fanIn + fanOut))"),
    HE_UNIFORM("uniform within sqrt(6 / fanIn)"),
    HE_NORMAL("normal with deviation sqrt(2 / fanIn)"),
    LECUN_UNIFORM("uniform within sqrt(3 / fanIn)"),
    LECUN_NORMAL("normal with deviation sqrt(1 / fanIn)"),
    ZEROS("0"),
    ONES("1");

    private final String formula;

    Plain(String formula) {
      this.formula = formula;
    }

    String formula() {
      return formula;
    }
  }

  /** The same value for all. */
  record Constant(double value) implements InitializerPlan {}

  /** Normal distribution. */
  record RandomNormal(double mean, double stddev) implements InitializerPlan {}

  /** Normal distribution, values beyond two deviations drawn again. */
  record TruncatedNormal(double mean, double stddev) implements InitializerPlan {}

  /** Uniform distribution. */
  record RandomUniform(double min, double max) implements InitializerPlan {
    public RandomUniform {
      if (!(min < max)) {
        throw new InputException("max: must be larger than min (" + Types.format(min) + ")");
      }
    }
  }

  /** A matrix with orthogonal rows or columns. */
  record Orthogonal(double gain) implements InitializerPlan {}
}
