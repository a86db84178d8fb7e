package io.lockstep.plan;

import io.lockstep.config.Overrides;
import io.lockstep.config.Problems;
import io.lockstep.config.Reading;
import io.lockstep.config.Yaml;
import io.lockstep.config.YamlText;
import io.lockstep.data.InputException;
import java.util.List;
import java.util.Optional;

/** Reads plans: the edge at which YAML becomes validated records. */
public final class PlanParser {
  private PlanParser() {}

  /**
   * Reads a plan.
   *
   * @param yamlText content of a plan file
   * @param fileName of the file, for messages
   * @param overrides {@code key=value} as given with {@code --set}
   * @throws InputException with all problems of the file, each with its line and remedy
   */
  public static Plan parse(String yamlText, String fileName, List<String> overrides) {
    return resolve(yamlText, fileName, overrides).plan();
  }

  /** As {@link #parse}, and remembers where each value came from. */
  public static ResolvedPlan resolve(String yamlText, String fileName, List<String> overrides) {
    Problems problems = new Problems(fileName);
    Yaml root = YamlText.read(yamlText, fileName, problems);
    problems.throwIfAny(); // what the keys mean is uncertain until the text is right
    for (String override : overrides) {
      root = Overrides.apply(root, override, problems);
    }
    Reading reading = new Reading(problems, PlanKeys::placeOf);
    Optional<Plan> plan = PlanKeys.PLAN.read(root, "", reading);
    problems.throwIfAny();
    return new ResolvedPlan(plan.orElseThrow(), reading.origins());
  }
}
