package io.lockstep.cli;

import io.lockstep.app.Generation;
import io.lockstep.data.InputException;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.generate.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  lockstep generate --model model.zip --prompt 'ROMEO:' --temperature 0.8",
      "  lockstep generate --model model.zip --prompt - --samples 3 < beginning.txt"
    })
final class GenerateCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Mixin private ModelOption model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description =
          "What the text begins with; '-' reads it from standard input, with its last line end."
              + " Default: a new line.")
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
          "Below 1 more cautious: the likely becomes likelier. Above 1 bolder. 0 takes the"
              + " likeliest always (default: ${DEFAULT-VALUE}).")
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

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Texts to be made, with this seed and those that follow it (default: ${DEFAULT-VALUE}).")
  private int samples = 1;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (samples < 1) {
      throw new InputException("samples must be at least 1, but are " + samples);
    }
    PrintWriter out = spec.commandLine().getOut();
    StopSignal signal = StopSignal.listen(() -> {}, "stopped");
    var generation =
        Generation.of(model.path())
            .length(length)
            .sampling(new Sampling(temperature, topK, topP))
            .stopWhen(() -> signal.getAsBoolean() || isClosed(out));
    Unit unit = generation.unit(); // a model that is not there is told before anybody types
    String beginning = prompt.equals(STANDARD_INPUT) ? standardInput() : prompt;
    generation.prompt(beginning);
    var speed = new Speed();
    for (int sample = 0; sample < samples && !stopped(signal, out); sample++) {
      generation.seed(seed + sample);
      String before = heading(sample) + beginning;
      boolean[] begun = new boolean[1];
      int made =
          generation.run(
              token -> {
                if (!begun[0]) {
                  signal.saveFirst();
                  out.print(before);
                  begun[0] = true;
                  speed.begin();
                }
                out.print(token);
                out.flush(); // so that it is seen as it comes
              });
      speed.end(made);
      out.println();
      out.flush();
    }
    if (isClosed(out)) {
      return Main.DONE; // whoever reads has enough
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(speed.describe(unit));
    err.flush();
    return signal.getAsBoolean() ? StopSignal.EXIT_CODE : Main.DONE;
  }

  private String heading(int sample) {
    return samples == 1
        ? ""
        : "--- %d of %d, seed %d%n".formatted(sample + 1, samples, seed + sample);
  }

  private static boolean stopped(StopSignal signal, PrintWriter out) {
    return signal.getAsBoolean() || isClosed(out);
  }

  /** Whether nobody reads any more: Java hides what {@code head} did to the pipe. */
  private static boolean isClosed(PrintWriter out) {
    return out.checkError() || System.out.checkError();
  }

  private static String standardInput() throws IOException {
    byte[] bytes = System.in.readAllBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(
          "the prompt from standard input is not UTF-8 text. Convert it, for example with iconv",
          e);
    }
  }

  /** How long texts took to be written, from the first token of each to its last. */
  private static final class Speed {
    /** Of fewer tokens a rate says nothing. */
    private static final int FEWEST = 100;

    private long nanos;
    private long begun;
    private long tokens;

    void begin() {
      begun = System.nanoTime();
    }

    void end(int made) {
      nanos += System.nanoTime() - begun;
      tokens += made;
    }

    String describe(Unit unit) {
      double seconds = Math.max(nanos, 1) / 1e9;
      String done =
          String.format(
              Locale.ROOT,
              "%,d %s%s in %.1f s",
              tokens,
              unit == Unit.WORD ? "word" : "character",
              tokens == 1 ? "" : "s",
              seconds);
      return tokens < FEWEST
          ? done
          : String.format(Locale.ROOT, "%s (%,.0f a second)", done, tokens / seconds);
    }
  }
}
