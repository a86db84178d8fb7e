package io.lockstep.data.source.text;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.text.TextLayout;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Vocabulary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Windows of running text for a language model: each holds {@code length} tokens, and the label at
 * each of them is the token after it.
 *
 * <p>Window k of a file begins with its token k · stride, counted from 0. What is left at the end
 * is one shorter window, unless all of its labels have been labels before. Each file is a text of
 * its own. Windows depend on positions of tokens alone, so a file that is cut into several splits
 * is read twice: first to count the tokens of each.
 *
 * @param path of a file, a folder or a glob
 * @param length tokens of a window
 * @param stride tokens from the beginning of a window to that of the next
 * @param encoding of the files
 * @param text how texts become tokens
 * @param badRecords what becomes of lines that are no text in the encoding
 */
public record TextWindowsSource(
    String path,
    int length,
    int stride,
    TextEncoding encoding,
    TextOptions text,
    BadRecords badRecords)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /**
   * @throws InputException if a window cannot be; the message begins with the key
   */
  public TextWindowsSource {
    if (length < 1 || length > 1_000_000) {
      throw new InputException("length: must be from 1 to 1000000, not " + length);
    }
    if (stride < 1) {
      throw new InputException("stride: must be at least 1, not " + stride);
    }
    text = text.forNextToken();
  }

  /** Text in which a line that is none is an error. */
  public TextWindowsSource(
      String path, int length, int stride, TextEncoding encoding, TextOptions text) {
    this(path, length, stride, encoding, text, BadRecords.FAIL);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    List<SourceSplit> splits = TextFiles.splits(hadoop, files, encoding, splitBytes);
    boolean known = splits.stream().allMatch(split -> split.from() == 0);
    return SourceLayout.of(
        splits,
        TextFiles.PLAIN,
        files.stream().mapToLong(DataFile::length).sum(),
        new TextLayout(text, known ? splits.stream().map(split -> 0L).toList() : List.of()));
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    DataFile file = DataFiles.one(hadoop, split.file());
    List<Long> starts = layout.text().orElseThrow().starts();
    return starts.isEmpty()
        ? new TextWindowsReader(hadoop, file, split, this, -1)
        : new TextWindowsReader(hadoop, file, split, this, starts.get(split.index()));
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    TextFiles.check(layout, reports);
    if (layout.text().orElseThrow().starts().isEmpty()) {
      return new ReadAgain(
          layout.with(new TextLayout(text, starts(layout, reports))),
          path + ": its tokens are counted, now its windows are read");
    }
    if (reports.stream().mapToLong(SplitReport::examples).sum() == 0) {
      throw new InputException(
          path + ": holds no two tokens, of which the second could be learned from the first.");
    }
    // The tokens themselves are not known before the vocabulary is.
    return Settled.of(layout, reports, Labels.Classes.numbered(Vocabulary.RESERVED), false);
  }

  private static List<Long> starts(SourceLayout layout, List<SplitReport> reports) {
    List<Long> starts = new ArrayList<>();
    Set<String> begun = new HashSet<>();
    long tokens = 0;
    for (SourceSplit split : layout.splits()) {
      tokens = begun.add(split.file()) ? 0 : tokens;
      starts.add(tokens);
      tokens += reports.get(split.index()).steps();
    }
    return starts;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public TextWindowsSource like(Labels known, List<String> columns) {
    return this;
  }

  @Override
  public TextWindowsSource preparedLike(TextOptions other) {
    return new TextWindowsSource(path, length, stride, encoding, other, badRecords);
  }

  @Override
  public TextWindowsSource withBadRecords(BadRecords policy) {
    return new TextWindowsSource(path, length, stride, encoding, text, policy);
  }

  @Override
  public Optional<ExampleSource> at(String other) {
    return Optional.of(new TextWindowsSource(other, length, stride, encoding, text, badRecords));
  }

  @Override
  public ExampleSource toScore(ToScore how) {
    throw new InputException(
        "%s: running text has no examples to be scored one by one: lockstep evaluate measures a language model, lockstep generate lets it write."
            .formatted(path));
  }

  @Override
  public String name() {
    return path;
  }
}
