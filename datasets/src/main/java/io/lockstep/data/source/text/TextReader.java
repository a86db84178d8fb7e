package io.lockstep.data.source.text;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Schema;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the texts of one split; what they are found in is for its kinds to say. The first problem
 * ends the reading. Not thread-safe.
 */
public abstract class TextReader implements SplitReader {
  private final BytesRead bytes = new BytesRead();
  private final TextOptions options;
  private final TextBlocks blocks;
  private SplitReport.Problem problem;
  private boolean ended;

  TextReader(Schema schema, TextOptions options) {
    this.options = options;
    blocks = new TextBlocks(schema);
  }

  /** Reads on, and adds no, one or a few examples; false at the end. */
  abstract boolean read() throws IOException;

  /** Lines read so far; 0 if the source has none. */
  abstract long lines();

  /** Names of the classes, by the split's own ids. */
  abstract List<String> classes();

  /** Line with a quote that is not closed, if there is one. */
  OptionalLong openQuote() {
    return OptionalLong.empty();
  }

  final Tokenizer tokenizer() {
    return options.tokenizer();
  }

  /** Where examples go that are no texts of a class. */
  final TextBlocks blocks() {
    return blocks;
  }

  /**
   * Adds a text of a class.
   *
   * @return what is wrong with it; null if nothing, and only then it was added
   */
  final String add(String text, int label) {
    String standard = options.tokenizer().standardized(text);
    if (standard.isEmpty()) {
      return text.isBlank()
          ? "the text is empty. Remove the example, or mend it."
          : "nothing is left of the text '%s' once it is standardised. Remove the example, or choose"
                  .formatted(shortened(text))
              + " another standardize.";
    }
    String kept = options.tokenizer().truncated(standard, options.maxLength());
    blocks.add(kept, options.tokenizer().count(kept), label);
    return null;
  }

  public static String shortened(String value) {
    return value.length() <= 40
        ? value
        : value.substring(0, value.offsetByCodePoints(0, 39)) + "...";
  }

  final void problem(long line, String column, String message) {
    problem(new SplitReport.Problem(line, column, message));
  }

  final void problem(SplitReport.Problem found) {
    problem = problem == null ? found : problem;
  }

  @Override
  public final Optional<Block> next() throws IOException {
    while (!ended && problem == null && !blocks.full()) {
      ended = !read();
    }
    return problem == null ? blocks.take() : Optional.empty();
  }

  @Override
  public final SplitReport report() {
    return new SplitReport(
        blocks.examples(),
        lines(),
        blocks.steps(),
        classes(),
        Range.NONE,
        Range.NONE,
        blocks.hash(),
        bytes.since(),
        openQuote(),
        problem == null ? List.of() : List.of(problem));
  }
}
