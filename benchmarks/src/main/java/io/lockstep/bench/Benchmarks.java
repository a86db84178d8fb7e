package io.lockstep.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code scripts/bench}. */
@Command(
    name = "bench",
    description = "Measures Lockstep beside its peers; docs/benchmarks.md explains the figures.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KernelsBenchmark.class,
      SparkTaxBenchmark.class,
      ClusterBenchmark.class,
      MemoryBenchmark.class,
      LongRunBenchmark.class,
      DriftBenchmark.class,
      ReadingBenchmark.class,
      ScoringBenchmark.class,
      TablesBenchmark.class
    })
final class Benchmarks implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the benchmark named by the first argument. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
