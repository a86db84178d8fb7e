package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Range;
import io.lockstep.config.Reading;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import io.lockstep.data.source.ExampleSource;
import java.util.Optional;

/** What a model is evaluated on when training is over. Immutable. */
public sealed interface TestPlan {
  /** As {@code data.test} has it. */
  Type<TestPlan> TYPE = new SourceOrShare();

  /** Examples of a source of their own. */
  record Source(ExampleSource examples) implements TestPlan {}

  /**
   * Examples that are held out of the training source.
   *
   * @param fraction of it, (0, 1)
   */
  record Share(double fraction) implements TestPlan {}

  /** A source as {@code data.train} has it, or a number. */
  final class SourceOrShare implements Type<TestPlan> {
    private static final Type<Double> SHARE = Types.number(new Range(0, false, 1, false));

    private SourceOrShare() {}

    @Override
    public String describe() {
      return PlanKeys.TEST_SOURCE.describe() + ", or " + SHARE.describe();
    }

    @Override
    public Optional<TestPlan> read(Yaml yaml, String path, Reading reading) {
      boolean isNumber =
          yaml instanceof Yaml.Scalar scalar && scalar.text().matches("[-+]?[0-9.][0-9.eE+-]*");
      return isNumber
          ? SHARE.read(yaml, path, reading).map(Share::new)
          : PlanKeys.TEST_SOURCE.read(yaml, path, reading).map(Source::new);
    }

    @Override
    public boolean means(Yaml.Mapping section) {
      return PlanKeys.TEST_SOURCE.means(section);
    }

    @Override
    public Yaml write(TestPlan value, String path, Origins origins) {
      return value instanceof Share share
          ? SHARE.write(share.fraction(), path, origins)
          : PlanKeys.TEST_SOURCE.write(((Source) value).examples(), path, origins);
    }
  }
}
