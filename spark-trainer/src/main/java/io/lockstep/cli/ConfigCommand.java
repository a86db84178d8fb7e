package io.lockstep.cli;

import io.lockstep.app.Hadoop;
import io.lockstep.app.PlanSummary;
import io.lockstep.plan.ConfigurationReference;
import io.lockstep.plan.ResolvedPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a plan comes to, without running it. */
@Command(
    name = "config",
    description = {
      "Prints a plan in full: every value with where it came from.",
      "What it prints is itself a plan that gives the same result."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ConfigCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The plan, a YAML file.")
  private String file;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--layers",
      description = {
        "Looks at the data too and prints the task, loss and metrics that are chosen, and the",
        "network's layers and parameters."
      })
  private boolean layers;

  @Option(
      names = "--docs",
      description = "Prints the reference of all keys (docs/configuration.md); needs no FILE.")
  private boolean docs;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (docs) {
      out.print(ConfigurationReference.markdown());
    } else if (file == null) {
      throw new ParameterException(spec.commandLine(), "the plan's FILE is missing");
    } else {
      Configuration hadoop = Hadoop.settings();
      ResolvedPlan resolved = planOptions.resolve(file, hadoop);
      out.print(layers ? PlanSummary.layers(resolved, hadoop) : resolved.toYaml());
      if (!layers && resolved.plan().model().leavesOpen()) {
        out.println("# model.loss is chosen when the data is read; --layers shows it");
      }
    }
    out.flush();
    return Main.DONE;
  }
}
