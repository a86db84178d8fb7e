package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.data.text.Vocabulary;
import io.lockstep.generate.Sampler;
import io.lockstep.generate.Sampling;
import io.lockstep.model.LanguageModel;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Text that a trained language model makes up.
 *
 * <pre>{@code
 * String text = Generation.of("runs/char-lstm").prompt("ROMEO:").length(500).run();
 * }</pre>
 *
 * <p>The model's file is all it needs; it is read once, for the first text, and kept for others.
 * The same model, prompt, seed and sampling give the same text on every machine whose processor has
 * fused multiply-adds. Not thread-safe.
 */
public final class Generation {
  private final String model;
  private Optional<Configuration> hadoop = Optional.empty();
  private String prompt = "";
  private int length = 500;
  private Sampling sampling = Sampling.PLAIN;
  private long seed = 42;
  private BooleanSupplier stop = () -> false;

  /** The model, once it has been read. */
  private ModelFile file;

  private Generation(String model) {
    this.model = model;
  }

  /**
   * Text of {@code model}.
   *
   * @param model a run directory, or the model file of one
   */
  public static Generation of(String model) {
    return new Generation(model);
  }

  /** Begins with this text, which is not among the text made; without one with a new line. */
  public Generation prompt(String text) {
    prompt = text.replace("\r\n", "\n"); // as texts are read
    return this;
  }

  /** Makes this many tokens: characters or words, whichever the model knows; 500 if not said. */
  public Generation length(int tokens) {
    if (tokens < 1) {
      throw new InputException("length must be at least 1, but is " + tokens);
    }
    length = tokens;
    return this;
  }

  /** Draws tokens like this. */
  public Generation sampling(Sampling how) {
    sampling = how;
    return this;
  }

  /** Draws other tokens with another seed; 42 if not said. */
  public Generation seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Ends a text early when {@code stop} says so.
   *
   * @param stop asked before every token but the first
   */
  public Generation stopWhen(BooleanSupplier stop) {
    this.stop = stop;
    return this;
  }

  /** Reads files with these settings instead of Hadoop's own. */
  public Generation hadoop(Configuration settings) {
    hadoop = Optional.of(settings);
    return this;
  }

  /**
   * What the model's tokens are.
   *
   * @throws InputException as {@link #run(Consumer)}, but for the prompt
   * @throws IOException if a file system fails
   */
  public Unit unit() throws IOException {
    return file().card().text().map(text -> text.tokenizer().unit()).orElse(Unit.CHARACTER);
  }

  /**
   * All of the text.
   *
   * @throws InputException as {@link #run(Consumer)}
   * @throws IOException if a file system fails
   */
  public String run() throws IOException {
    var whole = new StringBuilder();
    run(whole::append);
    return whole.toString();
  }

  /**
   * Makes the text piece by piece.
   *
   * @param reader is given each token as soon as it is drawn, with the blank before it if it is a
   *     word
   * @return tokens that were made: fewer than wanted if it was stopped
   * @throws InputException if there is no such model, if it is no language model, or if the prompt
   *     has a character that it has never seen
   * @throws IOException if a file system fails
   */
  public int run(Consumer<String> reader) throws IOException {
    try (var language = new LanguageModel(file())) {
      TextVectorization text = language.text();
      var sampler = new Sampler(sampling, Vocabulary.RESERVED, seed);
      boolean words = text.tokenizer().unit() == Unit.WORD;
      boolean blank = words && endsWithWord(prompt);
      float[] probabilities = language.read(begin(text));
      for (int made = 1; ; made++) {
        int next = sampler.next(probabilities);
        reader.accept((blank ? " " : "") + text.vocabulary().token(next));
        blank = words;
        if (made == length || stop.getAsBoolean()) {
          return made;
        }
        probabilities = language.read(next);
      }
    }
  }

  private static boolean endsWithWord(String text) {
    return !text.isEmpty() && !Character.isWhitespace(text.codePointBefore(text.length()));
  }

  private ModelFile file() throws IOException {
    if (file == null) {
      Configuration settings = hadoop.orElseGet(() -> Hadoop.settings(model));
      file = ModelFile.read(ModelPath.file(model, settings), Kernels.AUTO, settings);
    }
    return file;
  }

  private int[] begin(TextVectorization text) {
    int[] ids = text.ids(prompt);
    if (ids.length == 0) {
      Vocabulary known = text.vocabulary();
      if (known.tokens().isEmpty()) {
        throw new InputException("the model knows no token: it cannot say anything");
      }
      return new int[] {known.knows("\n") ? known.id("\n") : Vocabulary.RESERVED};
    }
    for (int id : ids) {
      if (id == Vocabulary.UNKNOWN) {
        throw unknown(text);
      }
    }
    return ids;
  }

  private InputException unknown(TextVectorization text) {
    Set<String> strange = new TreeSet<>();
    for (String token : text.tokenizer().tokens(prompt)) {
      if (!text.vocabulary().knows(token)) {
        strange.add("'" + token + "'");
      }
    }
    boolean words = text.tokenizer().unit() == Unit.WORD;
    List<String> known = text.vocabulary().tokens();
    return new InputException(
        "the prompt has %s that the model has never seen: %s. It knows %s"
            .formatted(
                words ? "words" : "characters",
                String.join(" ", strange),
                words
                    ? known.size() + " others"
                    : "only " + String.join("", known.stream().sorted().toList()).strip()));
  }
}
