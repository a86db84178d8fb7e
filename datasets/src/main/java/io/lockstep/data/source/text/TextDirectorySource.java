package io.lockstep.data.source.text;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.text.TextLayout;
import io.lockstep.data.text.TextOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Texts in files, one folder for each class: each file is an example, the folder's name its class,
 * as Keras' text_dataset_from_directory has it.
 *
 * <p>A split is a run of files of one folder, in the order of their names.
 *
 * @param path of the folder that holds the folders
 * @param classes names in label order; empty to sort those of the folders
 * @param encoding of the files
 * @param text how texts become tokens
 * @param badRecords what becomes of files that cannot be used
 * @param how they are read to be scored: then they may lie in one folder as well
 */
public record TextDirectorySource(
    String path,
    List<String> classes,
    TextEncoding encoding,
    TextOptions text,
    BadRecords badRecords,
    ToScore how)
    implements TextsByName<TextDirectorySource> {
  private static final long serialVersionUID = 1L;
  private static final List<String> PASSED = List.of("file", "text");

  /** Files of a split; never changed, since it decides the content's hash. */
  private static final int FILES = 2_000;

  private static final int MAX_FILE_BYTES = 1 << 26;

  public TextDirectorySource {
    classes = List.copyOf(classes);
  }

  /** Folders in which a file that cannot be used is an error. */
  public TextDirectorySource(
      String path, List<String> classes, TextEncoding encoding, TextOptions text) {
    this(path, classes, encoding, text, BadRecords.FAIL, ToScore.NOT);
  }

  /** Files that are not to be scored. */
  public TextDirectorySource(
      String path,
      List<String> classes,
      TextEncoding encoding,
      TextOptions text,
      BadRecords badRecords) {
    this(path, classes, encoding, text, badRecords, ToScore.NOT);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    List<SourceSplit> splits = new ArrayList<>();
    long bytes = 0;
    List<String> folders = folders(hadoop);
    for (String folder : folders) {
      List<DataFile> files = DataFiles.all(hadoop, folder);
      long held = 0;
      int from = 0;
      for (int to = 1; to <= files.size(); to++) {
        held += files.get(to - 1).length();
        if (to == files.size() || to - from == FILES || held >= SourceSplit.BYTES) {
          splits.add(new SourceSplit(splits.size(), folder, from, to));
          bytes += held;
          held = 0;
          from = to;
        }
      }
    }
    boolean labelled = labelled(folders.stream().map(TextDirectorySource::nameOf));
    return SourceLayout.of(
            splits,
            labelled ? TextFiles.LABELLED : TextFiles.PLAIN,
            bytes,
            new TextLayout(text, List.of()))
        .passing(how.of(path, PASSED));
  }

  /** The folders that hold the files: those of the classes, or the folder itself. */
  private List<String> folders(Configuration hadoop) throws IOException {
    return how.on() && DataFiles.isFlat(hadoop, path)
        ? List.of(path)
        : DataFiles.folders(hadoop, path);
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, split.file());
    if (files.size() < split.to()) {
      throw new InputException(
          split.file() + ": files have gone while they were read. Leave the folder alone.");
    }
    return new Reader(
        hadoop, files.subList((int) split.from(), (int) split.to()), layout, split, this);
  }

  private static final class Reader extends TextReader {
    private final Configuration hadoop;
    private final List<DataFile> files;
    private final String name;
    private final TextEncoding encoding;
    private final List<String> passed;
    private final boolean flat; // the files lie in no folder of a class
    private int next;
    private String text = ""; // of the file that was read last

    Reader(
        Configuration hadoop,
        List<DataFile> files,
        SourceLayout layout,
        SourceSplit split,
        TextDirectorySource source) {
      super(
          source.text(),
          source.classes(),
          source.badRecords(),
          source.how(),
          !layout.schema().labels().isEmpty(),
          new BytesRead());
      passed = layout.passed();
      flat = split.file().equals(source.path());
      this.hadoop = hadoop;
      this.files = files;
      encoding = source.encoding();
      name = nameOf(split.file());
    }

    @Override
    boolean read() throws IOException {
      if (next == files.size()) {
        return false;
      }
      DataFile file = files.get(next++);
      text = "";
      var place = new Place(fileName(file), 0, "", "");
      byte[] bytes;
      try (DataFile.Content content = file.openContent(hadoop);
          InputStream in = encoding.utf8(content.in())) {
        bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      } catch (IOException | InputException e) {
        Optional<IOException> damage = Packing.damage(e);
        if (damage.isEmpty()) {
          throw e;
        }
        String what = "cut short or damaged (" + damage.get().getMessage() + "). Get it again.";
        return bad(Optional.of(Fault.DAMAGED), place, "", what);
      }
      if (bytes.length > MAX_FILE_BYTES) {
        return bad(Optional.of(Fault.TOO_LONG), place, "", tooLarge());
      }
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return add(place, name, text);
      } catch (CharacterCodingException e) {
        return bad(Optional.of(Fault.NOT_TEXT), place, "", TextLines.notText(encoding));
      }
    }

    @Override
    Object[] record() {
      String file = fileName(files.get(next - 1));
      String named = flat ? file : name + "/" + file;
      return passed.stream().map(it -> it.equals("file") ? named : text).toArray();
    }

    @Override
    String text() {
      return text;
    }

    private static String tooLarge() {
      return String.format(
          Locale.ROOT,
          "is larger than %,d bytes. Is it one example? Lines as examples are textLines.",
          MAX_FILE_BYTES);
    }

    @Override
    String ofClass() {
      return "the folder's name is its class: ";
    }

    private static String fileName(DataFile file) {
      return file.name().substring(file.name().lastIndexOf('/') + 1);
    }

    @Override
    long lines() {
      return 0;
    }

    @Override
    public void close() {
      // files are closed as they are read
    }
  }

  @Override
  public String container() {
    return "folder";
  }

  @Override
  public TextDirectorySource with(
      String path, List<String> classes, TextOptions text, BadRecords badRecords, ToScore how) {
    return new TextDirectorySource(path, classes, encoding, text, badRecords, how);
  }
}
