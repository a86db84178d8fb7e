package io.lockstep.plan;

import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Union;

/** The words of activations and initialisers, which many layers take. */
public final class FunctionKeys {
  /** What outputs go through. */
  public static final Type<ActivationPlan> ACTIVATION = activations();

  /** How weights are drawn. */
  public static final Type<InitializerPlan> INITIALIZER = initializers();

  private FunctionKeys() {}

  private static Type<ActivationPlan> activations() {
    var union = Union.of(ActivationPlan.class, "an activation");
    for (ActivationPlan.Plain plain : ActivationPlan.Plain.values()) {
      union.constant(Types.camelCase(plain), plain, "`" + plain.formula() + "`");
    }
    return union
        .word(
            "leakyRelu",
            Section.of(ActivationPlan.LeakyRelu.class, "`x` if positive, else `alpha * x`")
                .key("alpha", number(Range.NOT_NEGATIVE), "0.3", "Slope of the negative side.")
                .shorthand("alpha")
                .build())
        .word(
            "thresholdedRelu",
            Section.of(ActivationPlan.ThresholdedRelu.class, "`x` if above `theta`, else 0")
                .key("theta", number(Range.NOT_NEGATIVE), "1", "The threshold.")
                .shorthand("theta")
                .build())
        .build();
  }

  private static Type<InitializerPlan> initializers() {
    var union = Union.of(InitializerPlan.class, "an initializer");
    for (InitializerPlan.Plain plain : InitializerPlan.Plain.values()) {
      union.constant(Types.camelCase(plain), plain, plain.formula());
    }
    Type<Double> deviation = number(Range.POSITIVE);
    return union
        .word(
            "constant",
            Section.of(InitializerPlan.Constant.class, "the same value for all")
                .required("value", number(Range.ANY), "The value.")
                .shorthand("value")
                .build())
        .word(
            "randomNormal",
            Section.of(InitializerPlan.RandomNormal.class, "normal distribution")
                .key("mean", number(Range.ANY), "0", "Its mean.")
                .key("stddev", deviation, "0.05", "Its standard deviation.")
                .build())
        .word(
            "truncatedNormal",
            Section.of(
                    InitializerPlan.TruncatedNormal.class,
                    "normal distribution; values beyond two deviations are drawn again")
                .key("mean", number(Range.ANY), "0", "Its mean.")
                .key("stddev", deviation, "0.05", "Its standard deviation before the cut.")
                .build())
        .word(
            "randomUniform",
            Section.of(InitializerPlan.RandomUniform.class, "uniform distribution")
                .key("min", number(Range.ANY), "-0.05", "Lower end.")
                .key("max", number(Range.ANY), "0.05", "Upper end.")
                .build())
        .word(
            "orthogonal",
            Section.of(InitializerPlan.Orthogonal.class, "orthogonal rows or columns")
                .key("gain", deviation, "1", "Factor on the matrix.")
                .build())
        .build();
  }
}
