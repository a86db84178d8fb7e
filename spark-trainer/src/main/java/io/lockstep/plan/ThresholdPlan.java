package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Range;
import io.lockstep.config.Reading;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import io.lockstep.evaluate.Threshold.Goal;
import java.util.Optional;

/**
 * Above which output an example is a yes.
 *
 * @param value the threshold; empty to choose it
 * @param best what it is to make best on the validation part; empty if it is given
 */
public record ThresholdPlan(Optional<Double> value, Optional<Goal> best) {
  /** As {@code evaluation.threshold} has it. */
  static final Type<ThresholdPlan> TYPE = new NumberOrWord();

  /** The threshold before one is chosen; NaN for the usual one. */
  public float given() {
    return value.map(Double::floatValue).orElse(Float.NaN);
  }

  private static final class NumberOrWord implements Type<ThresholdPlan> {
    private final Type<Double> number = Types.number(Range.FRACTION);
    private final Type<Goal> word = Types.choice(Goal.class);

    @Override
    public String describe() {
      return number.describe() + ", or " + word.describe();
    }

    @Override
    public Optional<ThresholdPlan> read(Yaml yaml, String path, Reading reading) {
      boolean isWord =
          yaml instanceof Yaml.Scalar scalar && scalar.text().matches("[A-Za-z][A-Za-z0-9]*");
      return isWord
          ? word.read(yaml, path, reading)
              .map(it -> new ThresholdPlan(Optional.empty(), Optional.of(it)))
          : number
              .read(yaml, path, reading)
              .map(it -> new ThresholdPlan(Optional.of(it), Optional.empty()));
    }

    @Override
    public Yaml write(ThresholdPlan value, String path, Origins origins) {
      return value.best().isPresent()
          ? word.write(value.best().get(), path, origins)
          : number.write(value.value().orElseThrow(), path, origins);
    }
  }
}
