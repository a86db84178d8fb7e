package io.lockstep.data;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
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
  private static final int MAX_FIRST_LINE = 1 << 20;
  private static final String DELIMITERS = ",;\t|";

  /**
   * What the user knows of the file; what is empty is found out.
   *
   * @param labels path of the labels that belong to IDX features
   * @param delimiter of a CSV file
   * @param header whether a CSV file has one
   * @param examples how many of the first examples to return
   */
  public record Hints(
      Optional<String> labels,
      Optional<Character> delimiter,
      Optional<Boolean> header,
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
    List<Inspection> found = new ArrayList<>();
    for (String file : files(path)) {
      found.add(file(file));
    }
    return found;
  }

  private List<Inspection> embedded(String name) throws IOException {
    List<Inspection> found = new ArrayList<>();
    for (EmbeddedSource.Part part : EmbeddedSource.Part.values()) {
      String title = name + " " + part.name().toLowerCase(Locale.ROOT);
      found.add(
          features(
              title,
              EmbeddedSource.images(name, part),
              Optional.of(EmbeddedSource.labels(name, part))));
    }
    return found;
  }

  /** The path itself, or what is worth a look in the folder. */
  private List<String> files(String path) throws IOException {
    Path where = DataFile.path(path);
    FileSystem system = where.getFileSystem(hadoop);
    if (!system.exists(where) || !system.getFileStatus(where).isDirectory()) {
      return List.of(path);
    }
    List<String> names =
        Arrays.stream(system.listStatus(where))
            .filter(FileStatus::isFile)
            .map(status -> status.getPath().getName())
            .filter(name -> !name.startsWith(".") && !name.endsWith(".part"))
            .sorted()
            .toList();
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
    DataFile file = DataFile.of(hadoop, path);
    if (!looksLikeIdx(file)) {
      return table(path, file);
    }
    try (IdxFile idx = IdxFile.open(file)) {
      if (idx.dimensions().length == 1 && idx.type().integral()) {
        return answers(path, idx);
      }
    }
    return features(path, file, labelsOf(path));
  }

  private Optional<DataFile> labelsOf(String path) throws IOException {
    if (hints.labels().isPresent()) {
      return Optional.of(DataFile.of(hadoop, hints.labels().get()));
    }
    int name = path.lastIndexOf('/') + 1;
    String labels = path.substring(0, name) + labelsName(path.substring(name));
    Path where = new Path(labels);
    return !labels.equals(path) && where.getFileSystem(hadoop).exists(where)
        ? Optional.of(DataFile.of(hadoop, labels))
        : Optional.empty();
  }

  private static boolean looksLikeIdx(DataFile file) throws IOException {
    try (DataFile.Content content = file.open()) {
      byte[] start = content.in().readNBytes(4);
      return start.length > 1 && start[0] == 0 && start[1] == 0;
    } catch (ZipException | EOFException e) {
      throw IdxFile.damaged(file, e);
    }
  }

  private static Inspection answers(String path, IdxFile idx) throws IOException {
    int count = idx.rows();
    Inspection.Histogram classes = histogram(idx);
    return new Inspection.Answers(path, name(idx.type()), count, classes);
  }

  private static Inspection.Histogram histogram(IdxFile labels) throws IOException {
    Map<Integer, Long> counts = new TreeMap<>();
    labels.forEachInt(
        label -> {
          counts.merge(label, 1L, Long::sum);
          if (counts.size() > IdxPair.MAX_CLASSES) {
            throw labels.wrong("holds more different values than there can be classes.");
          }
        });
    labels.checkToEnd();
    return new Inspection.Histogram(
        counts.keySet().stream().map(String::valueOf).toList(), List.copyOf(counts.values()));
  }

  private Inspection features(String path, DataFile file, Optional<DataFile> labels)
      throws IOException {
    Optional<Inspection.Histogram> classes = Optional.empty();
    if (labels.isPresent()) {
      new IdxPair(file, labels.get(), List.of()).inspect();
      try (IdxFile answers = IdxFile.open(labels.get())) {
        classes = answers.type().integral() ? Optional.of(histogram(answers)) : classes;
      }
    }
    Range range = new Range();
    try (IdxFile idx = IdxFile.open(file)) {
      for (int row = 0; row < idx.rows(); row++) {
        for (float value : idx.readFloats(new int[] {row})) {
          range.add(value);
        }
      }
      idx.checkToEnd();
      return new Inspection.Features(
          path,
          name(idx.type()),
          IntStream.of(idx.dimensions()).boxed().toList(),
          range.smallest,
          range.largest,
          range.mean(),
          labels.map(DataFile::name),
          classes,
          first(file, labels, Math.min(hints.examples(), idx.rows())));
    }
  }

  private static ExampleBlock first(DataFile file, Optional<DataFile> labels, int count)
      throws IOException {
    int[] positions = IntStream.range(0, count).toArray();
    if (labels.isPresent()) {
      return new IdxPair(file, labels.get(), List.of()).read(positions);
    }
    try (IdxFile idx = IdxFile.open(file)) {
      return ExampleBlock.ofClasses(
          positions,
          ExampleBlock.Features.float32(IdxPair.shape(idx), idx.readFloats(positions)),
          new int[count],
          1);
    }
  }

  private static String name(IdxFile.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private Inspection table(String path, DataFile file) throws IOException {
    String firstLine = firstLine(file);
    char delimiter = hints.delimiter().orElseGet(() -> mostFrequent(firstLine));
    boolean header =
        hints
            .header()
            .orElseGet(
                () ->
                    Arrays.stream(firstLine.split(Pattern.quote("" + delimiter)))
                        .noneMatch(value -> CsvTable.isNumber(value.strip())));
    CsvOptions options =
        new CsvOptions(
            List.of("0"),
            CsvOptions.LabelKind.CLASS,
            List.of(),
            List.of(),
            delimiter,
            header,
            List.of(),
            false);
    try (CsvTable table = CsvTable.open(file, options)) {
      List<Tally> tallies = table.names().stream().map(name -> new Tally()).toList();
      while (table.next()) {
        for (int column = 0; column < tallies.size(); column++) {
          tallies.get(column).add(table.value(column));
        }
      }
      List<Inspection.Column> columns = new ArrayList<>();
      for (int column = 0; column < tallies.size(); column++) {
        columns.add(tallies.get(column).column(table.names().get(column)));
      }
      return new Inspection.Table(path, table.rows(), delimiter, header, columns);
    }
  }

  private static String firstLine(DataFile file) throws IOException {
    try (DataFile.Content content = file.open();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(content.in(), StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int character = reader.read();
          character >= 0 && line.length() < MAX_FIRST_LINE;
          character = reader.read()) {
        boolean end = character == '\n' || character == '\r';
        if (end && !line.isEmpty()) {
          break;
        }
        if (!end) {
          line.append((char) character);
        }
      }
      if (line.indexOf("\0") >= 0 || line.indexOf("\uFFFD") >= 0) {
        throw new InputException(
            file.name() + ": is neither IDX nor text. Lockstep reads IDX and CSV, plain or gzip.");
      }
      return line.toString();
    } catch (ZipException | EOFException e) {
      throw IdxFile.damaged(file, e);
    }
  }

  private static char mostFrequent(String line) {
    return DELIMITERS
        .chars()
        .mapToObj(delimiter -> (char) delimiter)
        .max(
            (a, b) ->
                Long.compare(
                    line.chars().filter(character -> character == a).count(),
                    line.chars().filter(character -> character == b).count()))
        .filter(best -> line.indexOf(best) >= 0)
        .orElse(',');
  }

  /** Smallest, largest and mean of many numbers. */
  private static final class Range {
    private long count;
    private double smallest = Double.NaN;
    private double largest = Double.NaN;
    private double sum;

    void add(double value) {
      smallest = count == 0 ? value : Math.min(smallest, value);
      largest = count == 0 ? value : Math.max(largest, value);
      sum += value;
      count++;
    }

    double mean() {
      return sum / count;
    }
  }

  /** What is seen of one column. */
  private static final class Tally {
    private static final int FEW = 20;

    private final Range range = new Range();
    private final Map<String, Long> values = new TreeMap<>();
    private long texts;
    private long empty;
    private boolean many;

    void add(String value) {
      if (value.isEmpty()) {
        empty++;
      } else if (CsvTable.isNumber(value)) {
        range.add(Double.parseDouble(value));
      } else {
        texts++;
      }
      if (!many && !value.isEmpty()) {
        values.merge(value, 1L, Long::sum);
        many = values.size() > FEW;
      }
    }

    Inspection.Column column(String name) {
      Optional<Inspection.Histogram> few =
          many || values.values().stream().allMatch(count -> count == 1)
              ? Optional.empty()
              : Optional.of(
                  new Inspection.Histogram(
                      List.copyOf(values.keySet()), List.copyOf(values.values())));
      return new Inspection.Column(
          name, range.count, texts, empty, range.smallest, range.largest, range.mean(), few);
    }
  }
}
