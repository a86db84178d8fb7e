package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Range;
import io.lockstep.config.Reading;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import java.util.Map;
import java.util.Optional;

/**
 * By what the losses of the examples of each class are multiplied in training.
 *
 * @param byName factors of classes, all others having 1; empty for factors by which all classes
 *     count alike however many examples they have
 */
public record ClassWeightsPlan(Map<String, Double> byName) {
  private static final String BALANCED_WORD = "balanced";

  /** All classes count alike. */
  public static final ClassWeightsPlan BALANCED = new ClassWeightsPlan(Map.of());

  /** As {@code training.classWeights} has it. */
  static final Type<ClassWeightsPlan> TYPE = new WordOrMap();

  /** Whether factors follow from the numbers of examples. */
  public boolean balanced() {
    return byName.isEmpty();
  }

  private static final class WordOrMap implements Type<ClassWeightsPlan> {
    private final Type<Map<String, Double>> map =
        Types.byName(Types.number(Range.NOT_NEGATIVE), "a number, at least 0");

    @Override
    public String describe() {
      return "`balanced`, or a number for each class by its name";
    }

    @Override
    public Optional<ClassWeightsPlan> read(Yaml yaml, String path, Reading reading) {
      if (yaml instanceof Yaml.Mapping) {
        return map.read(yaml, path, reading).map(ClassWeightsPlan::new);
      }
      reading.origin(path, yaml);
      if (yaml instanceof Yaml.Scalar word && word.text().equals(BALANCED_WORD)) {
        return Optional.of(BALANCED);
      }
      reading.problem(
          path,
          yaml,
          "must be balanced, or a number for each class by its name, such as {yes: 10}, but is "
              + yaml.describe());
      return Optional.empty();
    }

    @Override
    public boolean means(Yaml.Mapping section) {
      return true;
    }

    @Override
    public Yaml write(ClassWeightsPlan value, String path, Origins origins) {
      return value.balanced()
          ? new Yaml.Scalar(BALANCED_WORD, false, origins.orEmpty(path))
          : map.write(value.byName(), path, origins);
    }
  }
}
