package io.lockstep.cli;

import io.lockstep.app.Hadoop;
import io.lockstep.app.Verification;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.run.LedgerCheck;
import io.lockstep.train.Comparison;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
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
    return runDirectory == null ? compare() : checkLedger();
  }

  private int compare() throws IOException {
    ResolvedPlan plan = planOptions.resolve(planFile, Hadoop.settings());
    Comparison comparison = Verification.of(plan).rounds(rounds).run();
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
        plan.plan().name(),
        rounds,
        plan.plan().training().replicas(),
        comparison.parameters(),
        comparison.updater(),
        comparison.firstSeconds() / Math.max(1, rounds - 1),
        comparison.secondSeconds() / Math.max(1, rounds - 1),
        comparison.sameBits() ? "exact: bit-identical" : "NOT exact: the weights differ");
    out.flush();
    return comparison.sameBits() ? Main.DONE : Main.FAILED;
  }

  private int checkLedger() throws IOException {
    LedgerCheck.Report report = Verification.ledger(runDirectory);
    PrintWriter out = spec.commandLine().getOut();
    out.println(report);
    out.flush();
    return report.isExact() ? Main.DONE : Main.FAILED;
  }
}
