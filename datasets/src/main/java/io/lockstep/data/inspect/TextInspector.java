package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
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
  private final Map<String, Long> classes = new TreeMap<>();
  private final BitSet different = new BitSet();
  private long files;
  private long lines;
  private long blank;
  private long characters;
  private long words;
  private long longestLine;
  private long longestFile;

  TextInspector(Configuration hadoop, TextEncoding encoding) {
    this.hadoop = hadoop;
    this.encoding = encoding;
  }

  /** Running text. */
  Inspection.Text file(String path) throws IOException {
    read(DataFiles.one(hadoop, path));
    return found(path, Inspection.TextKind.RUNNING);
  }

  /** Files in a folder, of which each line may be an example of the class that the file names. */
  Inspection.Text lines(String folder) throws IOException {
    for (DataFile file : DataFiles.all(hadoop, folder)) {
      long before = lines - blank;
      read(file);
      classes.merge(TextLinesSource.classOf(file.name()), lines - blank - before, Long::sum);
    }
    return found(folder, Inspection.TextKind.LINES);
  }

  /** Folders in a folder, each a class. */
  Inspection.Text directory(String path) throws IOException {
    for (String folder : DataFiles.folders(hadoop, path)) {
      List<DataFile> all = DataFiles.all(hadoop, folder);
      for (DataFile file : all) {
        read(file);
      }
      classes.put(folder.substring(folder.lastIndexOf('/') + 1), (long) all.size());
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
        histogram);
  }

  private void read(DataFile file) throws IOException {
    files++;
    long before = characters;
    try (InputStream in = file.openContent(hadoop).in();
        TextLines text = TextLines.pieces(in, encoding, true)) {
      long line = 0;
      boolean empty = true;
      while (text.next()) {
        String piece = text.text();
        boolean ends = piece.endsWith("\n");
        line += add(piece) - (ends ? 1 : 0);
        empty &= piece.isBlank();
        if (ends) {
          blank += empty ? 1 : 0;
          longestLine = Math.max(longestLine, line);
          line = 0;
          empty = true;
        }
      }
      if (text.problem() != null) {
        throw new InputException(CsvProblems.text(file.name(), "line", 0, text.problem()));
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
