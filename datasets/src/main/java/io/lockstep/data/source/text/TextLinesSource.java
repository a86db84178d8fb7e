package io.lockstep.data.source.text;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.text.TextLayout;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Texts in lines, one file for each class: the file's name without its endings is the class. Lines
 * of blanks are no examples.
 *
 * @param path of a folder, or a glob such as {@code names/*.txt}
 * @param classes names in label order; empty to sort those of the files
 * @param encoding of the files
 * @param text how texts become tokens
 * @param badRecords what becomes of lines that cannot be used
 */
public record TextLinesSource(
    String path,
    List<String> classes,
    TextEncoding encoding,
    TextOptions text,
    BadRecords badRecords)
    implements TextsByName<TextLinesSource> {
  private static final long serialVersionUID = 1L;

  public TextLinesSource {
    classes = List.copyOf(classes);
  }

  /** Files in which a line that cannot be used is an error. */
  public TextLinesSource(
      String path, List<String> classes, TextEncoding encoding, TextOptions text) {
    this(path, classes, encoding, text, BadRecords.FAIL);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    return SourceLayout.of(
        TextFiles.splits(hadoop, files, encoding, splitBytes),
        TextFiles.LABELLED,
        files.stream().mapToLong(DataFile::length).sum(),
        new TextLayout(text, List.of()));
  }

  /** The class that a file's name says: without folder, packing and ending. */
  public static String classOf(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.(gz|bz2|zst)$", "");
    int ending = name.lastIndexOf('.');
    return ending > 0 ? name.substring(0, ending) : name;
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    var bytes = new BytesRead();
    InputStream in = TextFiles.open(hadoop, DataFiles.one(hadoop, split.file()), split);
    try {
      return new Reader(
          TextLines.lines(in, encoding, split.from() == 0), classOf(split.file()), this, bytes);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  private static final class Reader extends TextReader {
    private final TextLines lines;
    private final String name;

    Reader(TextLines lines, String name, TextLinesSource source, BytesRead bytes) {
      super(source.text(), source.classes(), source.badRecords(), bytes);
      this.lines = lines;
      this.name = name;
    }

    @Override
    boolean read() {
      if (!lines.next()) {
        return passed(lines.problem(), lines.fault(), lines::pass);
      }
      return lines.text().isBlank() || add(new Place("", lines.line(), "", ""), name, lines.text());
    }

    @Override
    String ofClass() {
      return "the file's name is its class: ";
    }

    @Override
    long lines() {
      return lines.lines();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @Override
  public String container() {
    return "file";
  }

  @Override
  public TextLinesSource with(
      String path, List<String> classes, TextOptions text, BadRecords badRecords) {
    return new TextLinesSource(path, classes, encoding, text, badRecords);
  }
}
