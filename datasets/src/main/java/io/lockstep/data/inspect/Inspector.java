package io.lockstep.data.inspect;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.file.Locations;
import io.lockstep.data.file.Packing;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.data.source.idx.IdxColumn;
import io.lockstep.data.source.idx.IdxHeader;
import io.lockstep.data.source.idx.IdxSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Looks at data files before anyone writes a plan for them: what is in there, and is it sound?
 *
 * <p>Reads every value once, streaming, and meets the same errors that training would.
 */
public final class Inspector {
  private static final int MAX_FILES = 20;

  /**
   * What the user knows of the file; what is empty is found out.
   *
   * @param labels path of the labels that belong to IDX features
   * @param delimiter of a CSV file
   * @param header whether a CSV file has one
   * @param encoding of text that is no table
   * @param badRecords what becomes of rows and lines that cannot be read
   * @param examples how many of the first examples to return
   */
  public record Hints(
      Optional<String> labels,
      Optional<Character> delimiter,
      Optional<Boolean> header,
      Optional<String> encoding,
      BadRecords badRecords,
      int examples) {}

  private final Configuration hadoop;
  private final Hints hints;

  /** Makes an inspector; opens nothing yet. */
  public Inspector(Configuration hadoop, Hints hints) {
    this.hadoop = hadoop;
    this.hints = hints;
  }

  /**
   * Looks at a file, the files of a folder, or an embedded data set.
   *
   * @throws InputException if there is no such file, or it is damaged
   */
  public List<Inspection> inspect(String path) throws IOException {
    if (EmbeddedSource.names().contains(path)) {
      return embedded(path);
    }
    Optional<Inspection> texts = texts(path);
    if (texts.isPresent()) {
      return List.of(texts.get());
    }
    List<Inspection> found = new ArrayList<>();
    for (String file : files(path)) {
      found.add(file(file));
    }
    return found;
  }

  /** Folders of texts: of folders only, or of several files that end with {@code .txt}. */
  private Optional<Inspection> texts(String path) throws IOException {
    if (!DataFiles.isFolder(hadoop, path)) {
      return Optional.empty();
    }
    List<FileStatus> held =
        Arrays.stream(Locations.system(hadoop, path).listStatus(Locations.path(path)))
            .filter(each -> !each.getPath().getName().matches("[._].*"))
            .toList();
    if (!held.isEmpty() && held.stream().allMatch(FileStatus::isDirectory)) {
      return Optional.of(textInspector().directory(path));
    }
    return held.size() > 1
            && held.stream()
                .allMatch(each -> each.getPath().getName().matches(".*\\.txt(\\.(gz|bz2|zst))?"))
        ? Optional.of(textInspector().lines(path))
        : Optional.empty();
  }

  private TextInspector textInspector() {
    return new TextInspector(hadoop, encoding(), hints.badRecords());
  }

  private TextEncoding encoding() {
    return hints.encoding().map(TextEncoding::new).orElse(TextEncoding.UTF_8);
  }

  private List<Inspection> embedded(String name) throws IOException {
    List<Inspection> found = new ArrayList<>();
    for (EmbeddedSource.Part part : EmbeddedSource.Part.values()) {
      IdxSource files = new EmbeddedSource(name, part).files();
      found.add(
          features(
              name + " " + part.name().toLowerCase(Locale.ROOT),
              IdxSource.file(hadoop, files.images()),
              Optional.of(files.labels())));
    }
    return found;
  }

  /** The path itself, or what is worth a look in the folder; part files are one table. */
  private List<String> files(String path) throws IOException {
    if (!DataFiles.isFolder(hadoop, path)) {
      return List.of(path);
    }
    FileSystem system = Locations.system(hadoop, path);
    List<String> all =
        Arrays.stream(system.listStatus(Locations.path(path)))
            .filter(FileStatus::isFile)
            .map(status -> status.getPath().getName())
            .toList();
    List<String> names =
        all.stream()
            .filter(name -> !name.startsWith(".") && !name.startsWith("_"))
            .filter(name -> !name.endsWith(".part"))
            .sorted()
            .toList();
    boolean parts = names.stream().allMatch(name -> name.startsWith("part-"));
    if (!names.isEmpty() && (all.contains("_SUCCESS") || parts)) {
      return List.of(path);
    }
    List<String> worth =
        names.stream()
            .filter(name -> names.stream().noneMatch(other -> isLabelsOf(name, other)))
            .limit(MAX_FILES)
            .map(name -> path.replaceAll("/+$", "") + "/" + name)
            .toList();
    if (worth.isEmpty()) {
      throw new InputException(path + ": the folder holds no files.");
    }
    return worth;
  }

  private static boolean isLabelsOf(String labels, String features) {
    return !labels.equals(features) && labels.equals(labelsName(features));
  }

  /** MNIST's way of naming pairs. */
  private static String labelsName(String features) {
    return features.replace("images", "labels").replace("idx3", "idx1");
  }

  private Inspection file(String path) throws IOException {
    var tables = new TableInspector(hadoop, hints);
    if (DataFiles.isFolder(hadoop, path)) {
      return tables.table(path);
    }
    DataFile file = DataFiles.one(hadoop, path);
    if (!looksLikeIdx(file)) {
      boolean text =
          hints.encoding().isPresent()
              || (hints.delimiter().isEmpty()
                  && hints.header().isEmpty()
                  && tables.look(file).isRunningText());
      return text ? textInspector().file(path) : tables.table(path);
    }
    IdxHeader header = IdxHeader.of(hadoop, file);
    if (header.shape().isEmpty() && header.type().integral()) {
      return new Inspection.Answers(
          path, name(header.type()), Math.toIntExact(header.rows()), histogram(file));
    }
    return features(path, file, labelsOf(path));
  }

  private Optional<String> labelsOf(String path) throws IOException {
    if (hints.labels().isPresent()) {
      return hints.labels();
    }
    int name = path.lastIndexOf('/') + 1;
    String labels = path.substring(0, name) + labelsName(path.substring(name));
    Path where = Locations.path(labels);
    return !labels.equals(path) && Locations.system(hadoop, labels).exists(where)
        ? Optional.of(labels)
        : Optional.empty();
  }

  private boolean looksLikeIdx(DataFile file) throws IOException {
    try (DataFile.Content content = file.openContent(hadoop)) {
      byte[] start = content.in().readNBytes(4);
      return start.length > 1 && start[0] == 0 && start[1] == 0;
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
  }

  /** Hands over the rows of an IDX file, one after the other. */
  private void forEachRow(DataFile file, RowConsumer consumer) throws IOException {
    IdxHeader header = IdxHeader.of(hadoop, file);
    var all = new SourceSplit(0, file.name(), 0, header.rows());
    int perChunk = (int) Math.max(1, Math.min(header.rows(), (1 << 20) / header.rowBytes()));
    try (IdxColumn column = IdxColumn.open(hadoop, file, all)) {
      for (long row = 0; row < header.rows(); row += perChunk) {
        int count = (int) Math.min(perChunk, header.rows() - row);
        ByteBuffer bytes = ByteBuffer.wrap(column.read(count));
        double[] values = new double[(int) header.values()];
        for (int i = 0; i < count; i++) {
          for (int j = 0; j < values.length; j++) {
            values[j] = column.next(bytes);
          }
          consumer.accept(row + i, values);
        }
      }
      if (column.in().read() != -1) {
        throw header.wrong(
            "holds more than the %s %s of its IDX header. It is not what it says: get it again.",
            header.type(), header.dimensions());
      }
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
  }

  private interface RowConsumer {
    void accept(long row, double[] values);
  }

  private Inspection.Histogram histogram(DataFile labels) throws IOException {
    Map<Integer, Long> counts = new TreeMap<>();
    forEachRow(
        labels,
        (row, values) -> {
          counts.merge((int) values[0], 1L, Long::sum);
          if (counts.size() > IdxSource.MAX_CLASSES) {
            throw new InputException(
                labels.name() + ": holds more different values than there can be classes.");
          }
        });
    return new Inspection.Histogram(
        counts.keySet().stream().map(String::valueOf).toList(), List.copyOf(counts.values()));
  }

  private Inspection features(String path, DataFile file, Optional<String> labelsPath)
      throws IOException {
    IdxHeader header = IdxHeader.of(hadoop, file);
    Optional<Inspection.Histogram> classes = Optional.empty();
    List<Integer> firstLabels = new ArrayList<>();
    if (labelsPath.isPresent()) {
      DataFile labels = IdxSource.file(hadoop, labelsPath.get());
      IdxHeader labelHeader = IdxHeader.of(hadoop, labels);
      IdxSource.check(header, labelHeader);
      if (labelHeader.type().integral()) {
        classes = Optional.of(histogram(labels));
        forEachRow(
            labels,
            (row, values) -> {
              if (row < hints.examples()) {
                firstLabels.add((int) values[0]);
              }
            });
      }
    }
    boolean labelled = !firstLabels.isEmpty();
    Schema schema =
        new Schema(
            List.of(IdxSource.features(header, false).as(ElementType.FLOAT32)),
            labelled ? List.of(Field.of("class", ElementType.INT32)) : List.of(),
            false,
            false);
    var first = new BlockBuilder(schema, hints.examples());
    var range = new Spread();
    forEachRow(
        file,
        (row, values) -> {
          for (double value : values) {
            range.add(value);
          }
          if (row < hints.examples()) {
            first.begin(row);
            for (double value : values) {
              first.put(0, value);
            }
            if (labelled) {
              first.put(1, firstLabels.get((int) row));
            }
            first.end();
          }
        });
    Block shown = first.build();
    return new Inspection.Features(
        path,
        name(header.type()),
        header.dimensions(),
        range.smallest(),
        range.largest(),
        range.mean(),
        labelsPath.map(labels -> labels.replace(EmbeddedSource.RESOURCES, "embedded ")),
        classes,
        shown);
  }

  private static String name(IdxHeader.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
