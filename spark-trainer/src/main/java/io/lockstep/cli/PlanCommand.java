package io.lockstep.cli;

import io.lockstep.app.Hadoop;
import io.lockstep.app.Sizing;
import io.lockstep.data.InputException;
import io.lockstep.train.RoundCost;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep plan}: what a plan needs and how long it will take, before it is trained. */
@Command(
    name = "plan",
    description = {
      "Says what a plan needs and how long it will take.",
      "Memory, bytes of a round, time of an epoch on 1, 2, 4 ... executors and on one machine.",
      "Reads the data and trains some steps on this machine; nothing is written."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The times are a model, not a measurement (docs/guide/sizing.md):",
      "  an epoch = minibatches of a replica x replicas of a core x a step, as measured here",
      "           + rounds x (latency + bytes / bandwidth + copies)"
    })
final class PlanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PLAN", description = "The plan, a YAML file.")
  private String planFile;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--executor-cores",
      paramLabel = "N",
      defaultValue = "1",
      description = "Cores of each executor. Default: ${DEFAULT-VALUE}.")
  private int executorCores;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "How long steps are measured. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      defaultValue = "10",
      description = {
        "What a round takes between executors although nothing is computed and nothing travels,",
        "in milliseconds. Default: ${DEFAULT-VALUE}."
      })
  private double latencyMillis;

  @Option(
      names = "--bandwidth",
      paramLabel = "MB",
      defaultValue = "1100",
      description = "Megabytes a second of the network. Default: ${DEFAULT-VALUE} (10 Gbit/s).")
  private double bandwidth;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!(latencyMillis >= 0) || !(bandwidth > 0)) {
      throw new InputException("--latency must be at least 0 and --bandwidth more than 0");
    }
    Sizing.Report report =
        Sizing.of(planOptions.resolve(planFile, Hadoop.settings()))
            .cost(new RoundCost(latencyMillis / 1e3, bandwidth * 1e6))
            .seconds(seconds)
            .executorCores(executorCores)
            .run();
    PrintWriter out = spec.commandLine().getOut();
    SizingTable.lines(report).forEach(out::println);
    out.flush();
    return Main.DONE;
  }
}
