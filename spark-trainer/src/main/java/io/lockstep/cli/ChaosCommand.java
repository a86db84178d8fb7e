package io.lockstep.cli;

import io.lockstep.app.Chaos;
import io.lockstep.app.ChaosFault;
import io.lockstep.app.ChaosReport;
import io.lockstep.app.Hadoop;
import io.lockstep.data.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockstep chaos}: whether faults change anything, on the user's own plan and cluster. */
@Command(
    name = "chaos",
    description = {
      "Tries out what faults do to a plan, here or on your cluster.",
      "Trains it twice, undisturbed and with faults, and compares weights and ledgers."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Ends with 0 if bits and ledgers agree, else with 1. Examples:",
      "  lockstep chaos conf/mnist-mlp.yaml",
      "  lockstep chaos conf/mnist-mlp.yaml --seed 3 --faults 8 --set training.epochs=2",
      "  spark-submit ... lockstep.jar chaos hdfs:///plans/churn.yaml --faults kill,kill,files"
    })
final class ChaosCommand implements Callable<Integer> {
  /** The faults that can be asked for, in the help text. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(ChaosFault.values()).map(ChaosFault::word).iterator();
    }
  }

  @Parameters(paramLabel = "PLAN", description = "The plan, a YAML file.")
  private String planFile;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Draws faults, rounds and replicas. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--faults",
      paramLabel = "N|LIST",
      defaultValue = "5",
      completionCandidates = Words.class,
      description = {
        "How many, or which, with commas between them: ${COMPLETION-CANDIDATES}.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String faults;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Keeps both run directories here. Default: run.directory of PLAN and -chaos.")
  private String output;

  @Option(names = "--overwrite", description = "Deletes what --output holds, if it holds runs.")
  private boolean overwrite;

  @Option(
      names = "--patience",
      paramLabel = "S",
      defaultValue = "600",
      description = "Gives up when a round takes so many seconds. Default: ${DEFAULT-VALUE}.")
  private long patienceSeconds;

  @Mixin private ProgressOption progress;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (patienceSeconds < 1) {
      throw new InputException("--patience must be at least 1, not " + patienceSeconds);
    }
    Chaos chaos =
        Chaos.of(planOptions.resolve(planFile, Hadoop.settings()))
            .seed(seed)
            .patience(Duration.ofSeconds(patienceSeconds));
    choose(chaos);
    if (output != null) {
      chaos.output(output);
    }
    if (overwrite) {
      chaos.overwrite();
    }
    PrintWriter out = spec.commandLine().getOut();
    ChaosReport report;
    try (var watch = new ChaosWatch(() -> progress.on(Terminal.detect(), out))) {
      report = chaos.listener(watch).run();
    }
    ChaosTable.lines(report).forEach(out::println);
    out.flush();
    return report.isExact() ? Main.DONE : Main.FAILED;
  }

  private void choose(Chaos chaos) {
    if (faults.matches("-?\\d{1,9}")) {
      chaos.faults(Integer.parseInt(faults));
    } else {
      chaos.faults(
          List.of(faults.split(",", -1)).stream()
              .map(word -> ChaosFault.of(word.strip()))
              .toList());
    }
  }
}
