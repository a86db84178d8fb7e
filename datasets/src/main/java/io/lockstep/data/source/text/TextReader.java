package io.lockstep.data.source.text;

import io.lockstep.data.block.Block;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.LabelIds;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SkippedRecord;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the texts of one split, each of a class; what they are found in is for its kinds to say. A
 * problem ends the reading, unless it is that of one record alone, and such are skipped. Not
 * thread-safe.
 */
abstract class TextReader implements SplitReader {
  private final BytesRead bytes;
  private final TextOptions options;
  private final BadRecords badRecords;
  private final ToScore how;
  private final boolean labelled;
  private final LabelIds ids;
  private final TextBlocks blocks;
  private final SkippedRecords.Tally skipped = new SkippedRecords.Tally();
  private SplitReport.Problem problem;
  private boolean ended;
  private List<Object[]> passed = List.of();
  private List<SkippedRecord> kept = new ArrayList<>();

  /**
   * @param classes names in label order; empty to take those that are found
   * @param how texts are read to be scored
   * @param labelled whether each has a class
   * @param bytes counted from before the split was opened
   */
  TextReader(
      TextOptions options,
      List<String> classes,
      BadRecords badRecords,
      ToScore how,
      boolean labelled,
      BytesRead bytes) {
    this.bytes = bytes;
    this.options = options;
    this.badRecords = badRecords;
    this.how = how;
    this.labelled = labelled;
    ids = how.on() ? LabelIds.positions(classes) : new LabelIds(classes);
    blocks = new TextBlocks(labelled ? TextFiles.LABELLED : TextFiles.PLAIN, how);
  }

  /**
   * Where a text is.
   *
   * @param file name within the split; empty if the split is of one file
   * @param line from 1 within the split; 0 if it is a file of its own
   * @param label column of its class, or empty
   * @param text its own column, or empty
   */
  record Place(String file, long line, String label, String text) {}

  /**
   * Reads on, and {@linkplain #add adds} no, one or a few examples; false at the end, or at a
   * problem.
   */
  abstract boolean read() throws IOException;

  /** Lines read so far; 0 if the source has none. */
  abstract long lines();

  /** What is passed through of the record that was read last. */
  abstract Object[] record();

  /** The record that was read last, or cannot be read, as it stands in the file. */
  abstract String text();

  /** Line with a quote that is not closed, if there is one. */
  OptionalLong openQuote() {
    return OptionalLong.empty();
  }

  /** What messages on classes begin with. */
  String ofClass() {
    return "";
  }

  /**
   * Adds a text, if nothing is wrong with it.
   *
   * @param name of its class
   * @return whether to read on
   */
  final boolean add(Place place, String name, String text) {
    String unknown = labelled ? ids.problem(name) : null;
    if (unknown != null) {
      return bad(ids.fault(name), place, place.label(), ofClass() + unknown);
    }
    String standard = options.tokenizer().standardized(text);
    if (standard.isEmpty()) {
      return bad(Optional.of(Fault.EMPTY), place, place.text(), nothing(text));
    }
    String kept = options.tokenizer().truncated(standard, options.maxLength());
    if (!options.truncate() && kept.length() < standard.length()) {
      return bad(Optional.of(Fault.TOO_LONG), place, place.text(), tooLong(standard));
    }
    int steps = options.tokenizer().count(kept);
    if (labelled) {
      blocks.add(kept, steps, ids.id(name));
    } else {
      blocks.add(kept, steps);
    }
    if (how.on()) {
      passed.add(record());
    }
    return true;
  }

  private static String nothing(String text) {
    return text.isBlank()
        ? "the text is empty. Remove the example, or mend it."
        : "nothing is left of the text '%s' once it is standardised. Remove the example, or choose"
                .formatted(LabelIds.shortened(text))
            + " another standardize.";
  }

  private String tooLong(String standard) {
    return String.format(
        Locale.ROOT,
        "%,d tokens, but maxLength is %,d. Shorten the text, or let its beginning be kept with"
            + " truncate: true.",
        options.tokenizer().count(standard),
        options.maxLength());
  }

  /**
   * A record that cannot be used.
   *
   * @param fault if it is that of the record alone; else the reading ends
   * @param column it is in, or empty
   * @return whether to read on
   */
  final boolean bad(Optional<Fault> fault, Place place, String column, String message) {
    if (badRecords == BadRecords.SKIP && fault.isPresent()) {
      var left =
          new SkippedRecords.Place(
              place.file(),
              place.line(),
              fault.get(),
              column.isEmpty() ? message : "column " + column + ": " + message);
      skipped.add(left);
      if (how.skipped()) {
        kept.add(new SkippedRecord(left, text()));
      }
      return true;
    }
    String whole = place.file().isEmpty() ? message : "file " + place.file() + ": " + message;
    problem(new SplitReport.Problem(place.line(), column, whole));
    return false;
  }

  /**
   * Looks at what the reading of records stopped at.
   *
   * @param problem null at the end
   * @param fault if it is that of the record alone
   * @param pass goes on behind the record
   * @return whether to read on
   */
  final boolean passed(SplitReport.Problem problem, Optional<Fault> fault, Runnable pass) {
    if (problem == null
        || !bad(fault, new Place("", problem.line(), "", ""), "", problem.message())) {
      return false;
    }
    pass.run();
    return true;
  }

  /** A problem that is not that of one record. */
  final void problem(SplitReport.Problem found) {
    problem = problem == null ? found : problem;
  }

  @Override
  public final Optional<Block> next() throws IOException {
    passed = new ArrayList<>();
    while (!ended && problem == null && !blocks.full() && kept.size() < ToScore.ROWS) {
      ended = !read();
    }
    if (problem != null) {
      return Optional.empty();
    }
    Optional<Block> block = blocks.take();
    return block.isPresent() || kept.isEmpty() ? block : Optional.of(blocks.none());
  }

  @Override
  public final List<Object[]> passed() {
    return passed;
  }

  @Override
  public final List<SkippedRecord> skipped() {
    List<SkippedRecord> taken = kept;
    kept = new ArrayList<>();
    return taken;
  }

  @Override
  public final SplitReport report() {
    return new SplitReport(
            blocks.examples(),
            lines(),
            blocks.steps(),
            ids.names(),
            Range.NONE,
            Range.NONE,
            blocks.hash(),
            bytes.since(),
            openQuote(),
            problem == null ? List.of() : List.of(problem))
        .with(skipped.counted());
  }
}
