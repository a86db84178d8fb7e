package io.lockstep.cli;

import picocli.CommandLine.Option;

/** The option of every command that works with a trained model. */
final class ModelOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A run directory, or the model.zip of one.")
  private String model;

  String path() {
    return model;
  }
}
