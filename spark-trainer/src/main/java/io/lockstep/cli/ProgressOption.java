package io.lockstep.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option of every command that takes its time. */
final class ProgressOption {
  @Option(
      names = "--progress",
      paramLabel = "HOW",
      defaultValue = "AUTO",
      description = "auto, bar, plain or none. Default: a bar on a terminal, else plain lines.")
  private Progress.Mode mode;

  Progress on(Terminal terminal, PrintWriter out) {
    return Progress.of(mode, terminal, out, System::nanoTime);
  }
}
