package io.lockstep.cli;

import io.lockstep.config.PlanParser;
import io.lockstep.config.RunPlan;
import io.lockstep.config.RunPlan.EngineKind;
import io.lockstep.run.LedgerCheck;
import io.lockstep.run.RunDirectory;
import io.lockstep.spark.Engines;
import io.lockstep.train.Comparison;
import io.lockstep.train.Engine;
import io.lockstep.train.InProcessEngine;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep verify}: proof of exactness, for the user's own plan or a run that was made. */
@Command(
    name = "verify",
    description = {
      "Proves that a plan is trained exactly.",
      "With PLAN: runs its first rounds in one process and on Spark and compares the weights.",
      "With --ledger: proves from a run's ledger that each example was trained once per epoch."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "PLAN", description = "The plan, a YAML file.")
  private String planFile;

  @Option(
      names = "--rounds",
      paramLabel = "K",
      defaultValue = "5",
      description = "Rounds to run on each engine. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--ledger",
      paramLabel = "DIR",
      description = "Checks the ledger of this run directory instead.")
  private String runDirectory;

  @Mixin private PlanOptions planOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if ((planFile == null) == (runDirectory == null)) {
      throw new ParameterException(
          spec.commandLine(), "give either a PLAN or --ledger with a run directory");
    }
    if (rounds < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
    }
    Configuration hadoop = Engines.hadoop();
    return runDirectory == null ? compare(hadoop) : checkLedger(hadoop);
  }

  private int compare(Configuration hadoop) throws IOException {
    PreparedRun run = PreparedRun.of(planOptions.resolve(planFile, hadoop), hadoop);
    RunPlan asked = run.plan().run();
    RunPlan onSpark =
        new RunPlan(
            asked.master(),
            asked.directory(),
            EngineKind.SPARK,
            asked.checkpointRounds(),
            asked.keepCheckpoints());
    Engines.check(onSpark, run.plan().compute());
    Comparison comparison;
    try (Engine inProcess = new InProcessEngine(run.workload(), hadoop);
        Engine spark =
            Engines.open(run.plan().name(), onSpark, run.plan().compute(), run.workload())) {
      comparison = Comparison.of(run, rounds, inProcess, spark, System::nanoTime);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        """
        %s, %d rounds of %d replicas
          largest difference of a weight          %s
          largest difference of an updater value  %s
          in one process  %8.3f s a round
          on Spark        %8.3f s a round
        %s
        """,
        run.plan().name(),
        rounds,
        run.plan().training().replicas(),
        comparison.parameters(),
        comparison.updater(),
        comparison.firstSeconds() / Math.max(1, rounds - 1),
        comparison.secondSeconds() / Math.max(1, rounds - 1),
        comparison.sameBits() ? "exact: bit-identical" : "NOT exact: the weights differ");
    out.flush();
    return comparison.sameBits() ? Main.DONE : Main.FAILED;
  }

  private int checkLedger(Configuration hadoop) throws IOException {
    RunDirectory directory = RunDirectory.open(hadoop, runDirectory);
    String file = runDirectory + "/plan.yaml";
    PreparedRun run =
        PreparedRun.of(PlanParser.resolve(directory.plan().yaml(), file, List.of()), hadoop);
    LedgerCheck.Report report = LedgerCheck.verify(directory.ledger(), run.order());
    PrintWriter out = spec.commandLine().getOut();
    out.println(report);
    out.flush();
    return report.isExact() ? Main.DONE : Main.FAILED;
  }
}
