package io.lockstep.cli;

import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Options of every command that reads a plan. */
final class PlanOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one value of the plan, such as training.epochs=3. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description = "Spark's master, such as local[4]. Short for --set run.master=MASTER.")
  private String master;

  List<String> overrides() {
    List<String> all = new ArrayList<>(overrides);
    if (master != null) {
      all.add("run.master=" + master);
    }
    return all;
  }

  ResolvedPlan resolve(String file, Configuration hadoop) throws IOException {
    return PlanFile.resolve(file, overrides(), hadoop);
  }
}
