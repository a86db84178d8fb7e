package io.lockstep.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of every command that measures or scores with a trained model on Spark. */
final class MasterOption {
  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description = "Spark's master, such as local[4]. Default: the run's plan, or local[*].")
  private String master;

  Optional<String> given() {
    return Optional.ofNullable(master);
  }
}
