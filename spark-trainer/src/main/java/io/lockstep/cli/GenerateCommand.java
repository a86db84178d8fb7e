package io.lockstep.cli;

import io.lockstep.app.Generation;
import io.lockstep.generate.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep generate}: text that a language model makes up. */
@Command(
    name = "generate",
    description = "Lets a language model write, character by character or word by word.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  lockstep generate --model runs/char-lstm",
      "  lockstep generate --model model.zip --prompt 'ROMEO:' --temperature 0.8"
    })
final class GenerateCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A run directory, or the model.zip of one.")
  private String model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text begins with. Default: a new line.")
  private String prompt = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Characters, or words, to be made (default: ${DEFAULT-VALUE}).")
  private int length = 500;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Below 1 bolder, above 1 more varied; 0 takes the likeliest always (default:"
              + " ${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest only; 0 for all (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the likeliest that together have probability P (default: ${DEFAULT-VALUE}).")
  private double topP = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed, another text (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    var generation =
        Generation.of(model)
            .prompt(prompt)
            .length(length)
            .sampling(new Sampling(temperature, topK, topP))
            .seed(seed);
    PrintWriter out = spec.commandLine().getOut();
    boolean[] begun = new boolean[1];
    generation.run(
        token -> {
          if (!begun[0]) {
            out.print(prompt);
            begun[0] = true;
          }
          out.print(token);
          out.flush();
        });
    out.println();
    out.flush();
    return Main.DONE;
  }
}
