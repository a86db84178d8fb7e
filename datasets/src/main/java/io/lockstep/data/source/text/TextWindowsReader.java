package io.lockstep.data.source.text;

import io.lockstep.data.block.Block;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.text.TokenBuffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the windows that begin in one split, and looks as far into the text after it as the last of
 * them reach; or only counts the split's tokens.
 */
final class TextWindowsReader implements SplitReader {
  private final BytesRead bytes = new BytesRead();
  private final Configuration hadoop;
  private final DataFile file;
  private final SourceSplit split;
  private final TextWindowsSource source;
  private final boolean counting;
  private final TextBlocks blocks = new TextBlocks(TextFiles.PLAIN);
  private final TokenBuffer tokens;
  private final TextLines own;
  private final SkippedRecords.Tally skipped = new SkippedRecords.Tally();

  private TextLines after; // the text after the split; null as long as it is not needed
  private boolean ownEnded;
  private boolean allEnded; // the file has no more tokens than are known
  private long ownEnd; // tokens of the file up to the split's end, or as far as it was read
  private long window; // position of the next one's first token
  private boolean done;
  private SplitReport.Problem problem;

  /**
   * @param start tokens of the file before the split; -1 to count the split's
   */
  TextWindowsReader(
      Configuration hadoop, DataFile file, SourceSplit split, TextWindowsSource source, long start)
      throws IOException {
    this.hadoop = hadoop;
    this.file = file;
    this.split = split;
    this.source = source;
    counting = start < 0;
    ownEnd = Math.max(0, start);
    tokens = new TokenBuffer(source.text().tokenizer(), ownEnd);
    long before = Math.floorMod(ownEnd, (long) source.stride());
    window = before == 0 ? ownEnd : ownEnd - before + source.stride();
    own = pieces(split, split.from() == 0);
  }

  private TextLines pieces(SourceSplit of, boolean start) throws IOException {
    var in = TextFiles.open(hadoop, file, of);
    try {
      return TextLines.pieces(in, source.encoding(), start);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  @Override
  public Optional<Block> next() throws IOException {
    while (!done && !blocks.full()) {
      done = counting ? !more() : !window();
    }
    return problem == null ? blocks.take() : Optional.empty();
  }

  /** Reads a window; false if there is none any more. */
  private boolean window() throws IOException {
    long wanted = window + source.length() + 1L;
    tokens.forget(Math.min(window, tokens.end()));
    while (tokens.end() < wanted && more()) {
      tokens.forget(Math.min(window, tokens.end()));
    }
    if (problem != null || window >= ownEnd) {
      return false;
    }
    long end = Math.min(wanted, tokens.end());
    // A shorter window is the last one, and only if something is left to be learned.
    long learned = window - source.stride() + source.length() + 1L;
    boolean rest = end - window > 1 && (window == 0 || learned < end);
    if (end == wanted || rest) {
      blocks.add(tokens.text(window, end), (int) (end - window - 1));
    }
    window += source.stride();
    return true;
  }

  /** Reads another piece, of the split or of what follows it; false at the end. */
  private boolean more() throws IOException {
    if (!ownEnded) {
      if (own.next()) {
        tokens.add(own.text());
        ownEnd = tokens.end();
        if (counting) {
          tokens.forget(ownEnd);
        }
        return true;
      }
      if (passes(own)) {
        var bad = own.problem();
        skipped.add(
            new SkippedRecords.Place("", bad.line(), own.fault().orElseThrow(), bad.message()));
        own.pass();
        return true;
      }
      problem = own.problem();
      ownEnded = true;
      allEnded = problem != null || counting || TextFiles.isWhole(split);
    }
    if (allEnded || window >= ownEnd) {
      return false;
    }
    if (after == null) {
      after =
          pieces(
              new SourceSplit(split.index(), split.file(), split.to(), Long.MAX_VALUE - 1), false);
    }
    if (after.next()) {
      tokens.add(after.text());
      return true;
    }
    if (passes(after)) {
      after.pass(); // counted by the split that it belongs to
      return true;
    }
    allEnded = true; // what is wrong there, the split says that it belongs to
    return false;
  }

  private boolean passes(TextLines lines) {
    return source.badRecords() == BadRecords.SKIP && lines.fault().isPresent();
  }

  @Override
  public SplitReport report() {
    return new SplitReport(
            blocks.examples(),
            own.lines(),
            counting ? ownEnd : blocks.steps(),
            List.of(),
            Range.NONE,
            Range.NONE,
            blocks.hash(),
            bytes.since(),
            OptionalLong.empty(),
            problem == null ? List.of() : List.of(problem))
        .with(skipped.counted());
  }

  @Override
  public void close() throws IOException {
    try (own) {
      if (after != null) {
        after.close();
      }
    }
  }
}
