package io.lockstep.plan;

import io.lockstep.config.Origins;

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

  /** The same with some values replaced by a program, which keep their origins. */
  public ResolvedPlan with(Plan changed) {
    return new ResolvedPlan(changed, origins);
  }
}
