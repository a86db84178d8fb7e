package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.text.TextLines;
import io.lockstep.data.source.text.TextLinesSource;
import io.lockstep.data.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Looks at text that is no table: a file, a folder of files, or a folder of folders. */
final class TextInspector {
  private final Configuration hadoop;
  private final TextEncoding encoding;
  private final BadRecords badRecords;
  private final SkippedRecords.Tally skipped = new SkippedRecords.Tally();
  private final Map<String, Long> classes = new TreeMap<>();
  private final BitSet different = new BitSet();
  private long files;
  private long lines;
  private long blank;
  private long characters;
  private long words;
  private long longestLine;
  private long longestFile;
  private long line; // characters of the current line
  private boolean empty; // nothing but blanks in it

  TextInspector(Configuration hadoop, TextEncoding encoding, BadRecords badRecords) {
    this.hadoop = hadoop;
    this.encoding = encoding;
    this.badRecords = badRecords;
  }

  /** Running text. */
  Inspection.Text file(String path) throws IOException {
    read(DataFiles.one(hadoop, path), false);
    return found(path, Inspection.TextKind.RUNNING);
  }

  /** Files in a folder, of which each line may be an example of the class that the file names. */
  Inspection.Text lines(String folder) throws IOException {
    for (DataFile file : DataFiles.all(hadoop, folder)) {
      long before = lines - blank;
      long bad = read(file, false);
      classes.merge(TextLinesSource.classOf(file.name()), lines - blank - bad - before, Long::sum);
    }
    return found(folder, Inspection.TextKind.LINES);
  }

  /** Folders in a folder, each a class. */
  Inspection.Text directory(String path) throws IOException {
    for (String folder : DataFiles.folders(hadoop, path)) {
      List<DataFile> all = DataFiles.all(hadoop, folder);
      long good = 0;
      for (DataFile file : all) {
        good += read(file, true) == 0 ? 1 : 0;
      }
      classes.put(folder.substring(folder.lastIndexOf('/') + 1), good);
    }
    return found(path, Inspection.TextKind.DIRECTORY);
  }

  private Inspection.Text found(String path, Inspection.TextKind kind) {
    Optional<Inspection.Histogram> histogram =
        classes.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Inspection.Histogram(
                    List.copyOf(classes.keySet()), new ArrayList<>(classes.values())));
    return new Inspection.Text(
        path,
        kind,
        encoding.charset().name(),
        files,
        lines,
        characters,
        words,
        different.cardinality(),
        kind == Inspection.TextKind.DIRECTORY ? longestFile : longestLine,
        histogram,
        skipped.counted());
  }

  /**
   * @param whole whether the file is one record
   * @return how many of its lines cannot be read
   */
  private long read(DataFile file, boolean whole) throws IOException {
    files++;
    long bad = 0;
    long before = characters;
    try (InputStream in = file.openContent(hadoop).in();
        TextLines text = TextLines.pieces(in, encoding, true)) {
      begin();
      while (text.next() || text.problem() != null) {
        if (text.problem() == null) {
          piece(text.text());
          continue;
        }
        if (badRecords == BadRecords.FAIL || text.fault().isEmpty()) {
          throw new InputException(CsvProblems.text(file.name(), "line", 0, text.problem()));
        }
        if (bad++ == 0 || !whole) {
          skipped.add(place(file, text, whole));
        }
        text.pass();
        begin();
      }
      longestLine = Math.max(longestLine, line);
      lines += text.lines();
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
    longestFile = Math.max(longestFile, characters - before);
    return bad;
  }

  private static SkippedRecords.Place place(DataFile file, TextLines text, boolean whole) {
    return new SkippedRecords.Place(
        file.name(), whole ? 0 : text.line(), text.fault().orElseThrow(), text.problem().message());
  }

  /** A new line begins. */
  private void begin() {
    line = 0;
    empty = true;
  }

  /** Looks at a piece of a line. */
  private void piece(String piece) {
    boolean ends = piece.endsWith("\n");
    line += add(piece) - (ends ? 1 : 0);
    empty &= piece.isBlank();
    if (ends) {
      blank += empty ? 1 : 0;
      longestLine = Math.max(longestLine, line);
      begin();
    }
  }

  /** Counts a piece; returns its characters. */
  private long add(String piece) {
    long count = 0;
    boolean within = false;
    for (int at = 0; at < piece.length(); count++) {
      int character = piece.codePointAt(at);
      at += Character.charCount(character);
      different.set(character);
      boolean word = !Tokenizer.isSpace(character);
      words += word && !within ? 1 : 0;
      within = word;
    }
    characters += count;
    return count;
  }
}
