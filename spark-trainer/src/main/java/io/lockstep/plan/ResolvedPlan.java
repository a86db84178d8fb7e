package io.lockstep.plan;

import io.lockstep.config.Origins;
import java.util.HashMap;
import java.util.Map;

/**
 * A plan and where each of its values came from.
 *
 * @param plan the values
 * @param origins of each value
 */
public record ResolvedPlan(Plan plan, Origins origins) {
  /** The plan as YAML that reads as an equal plan, each value with its origin as a comment. */
  public String toYaml() {
    return PlanText.of(plan, origins);
  }

  /**
   * The same with some values filled in, which have {@code origin}.
   *
   * @param completed equal but for these values
   */
  public ResolvedPlan completed(Plan completed, String origin) {
    Map<String, String> before = PlanText.values(plan);
    Map<String, String> sources = new HashMap<>(origins.byPath());
    PlanText.values(completed)
        .forEach(
            (path, value) -> {
              if (!value.equals(before.get(path))) {
                sources.put(path, origin);
              }
            });
    return new ResolvedPlan(completed, new Origins(sources));
  }

  /** The same with some values replaced by a program, which keep their origins. */
  public ResolvedPlan with(Plan changed) {
    return new ResolvedPlan(changed, origins);
  }
}
