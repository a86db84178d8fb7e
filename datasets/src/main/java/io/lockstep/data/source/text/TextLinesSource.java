package io.lockstep.data.source.text;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.ToScore;
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
 * @param how they are read to be scored
 */
public record TextLinesSource(
    String path,
    List<String> classes,
    TextEncoding encoding,
    TextOptions text,
    BadRecords badRecords,
    ToScore how)
    implements TextsByName<TextLinesSource> {
  private static final long serialVersionUID = 1L;
  private static final List<String> PASSED = List.of("file", "text");

  public TextLinesSource {
    classes = List.copyOf(classes);
  }

  /** Files in which a line that cannot be used is an error. */
  public TextLinesSource(
      String path, List<String> classes, TextEncoding encoding, TextOptions text) {
    this(path, classes, encoding, text, BadRecords.FAIL, ToScore.NOT);
  }

  /** Lines that are not to be scored. */
  public TextLinesSource(
      String path,
      List<String> classes,
      TextEncoding encoding,
      TextOptions text,
      BadRecords badRecords) {
    this(path, classes, encoding, text, badRecords, ToScore.NOT);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    boolean labelled = labelled(files.stream().map(file -> classOf(file.name())));
    return SourceLayout.of(
            TextFiles.splits(hadoop, files, encoding, splitBytes),
            labelled ? TextFiles.LABELLED : TextFiles.PLAIN,
            files.stream().mapToLong(DataFile::length).sum(),
            new TextLayout(text, List.of()))
        .passing(how.of(path, PASSED));
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
          TextLines.lines(in, encoding, split.from() == 0), layout, split, this, bytes);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  private static final class Reader extends TextReader {
    private final TextLines lines;
    private final String name;
    private final String file;
    private final List<String> passed;

    Reader(
        TextLines lines,
        SourceLayout layout,
        SourceSplit split,
        TextLinesSource source,
        BytesRead bytes) {
      super(
          source.text(),
          source.classes(),
          source.badRecords(),
          source.how(),
          !layout.schema().labels().isEmpty(),
          bytes);
      this.lines = lines;
      name = classOf(split.file());
      file = split.file().substring(split.file().lastIndexOf('/') + 1);
      passed = layout.passed();
    }

    @Override
    boolean read() {
      if (!lines.next()) {
        return passed(lines.problem(), lines.fault(), lines::pass);
      }
      return lines.text().isBlank() || add(new Place("", lines.line(), "", ""), name, lines.text());
    }

    @Override
    Object[] record() {
      return passed.stream().map(it -> it.equals("file") ? file : lines.text()).toArray();
    }

    @Override
    String text() {
      return lines.text();
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
      String path, List<String> classes, TextOptions text, BadRecords badRecords, ToScore how) {
    return new TextLinesSource(path, classes, encoding, text, badRecords, how);
  }
}
