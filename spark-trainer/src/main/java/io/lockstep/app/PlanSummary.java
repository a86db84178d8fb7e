package io.lockstep.app;

import io.lockstep.data.source.Settled;
import io.lockstep.ingest.Survey;
import io.lockstep.model.NetworkBuilder;
import io.lockstep.model.NetworkInput;
import io.lockstep.model.NetworkSummary;
import io.lockstep.plan.Plan;
import io.lockstep.plan.ResolvedPlan;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** What a plan comes to, without running it. */
public final class PlanSummary {
  private PlanSummary() {}

  /** Looks at the data and describes it and the network's layers, several lines. */
  public static String layers(ResolvedPlan resolved, Configuration hadoop) throws IOException {
    Plan plan = NetworkBuilder.embed(resolved.plan(), hadoop);
    Settled data = Survey.of(plan.data().train(), hadoop);
    return Survey.describe(data)
        + "\n\n"
        + NetworkSummary.of(plan, NetworkInput.of(data), data.labels(), resolved.origins());
  }
}
