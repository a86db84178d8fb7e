package io.lockstep.data;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples from a CSV file, plain or gzip, UTF-8: one a line, features as 32-bit floats.
 *
 * <p>Strict on purpose: a row with too few or too many values, an empty value, NaN or text in a
 * number column, or a label that is not among the classes is an error with file and line. Nothing
 * is skipped or filled in. Blank lines are no examples.
 *
 * @param path of the file
 * @param options how to understand it
 */
public record CsvSource(String path, CsvOptions options) implements ExampleSource {
  /** More distinct labels than any network here could have outputs for. */
  private static final int MAX_CLASSES = 100_000;

  /** Reads the whole file once, so that a wrong value is found before anything is trained. */
  @Override
  public SourceSummary inspect(Configuration hadoop) throws IOException {
    Set<String> names = new HashSet<>();
    Map<String, Integer> known = numbered(options.classes());
    try (CsvTable table = CsvTable.open(DataFile.of(hadoop, path), options)) {
      float[] features = new float[table.features()];
      float[] targets = new float[table.labels()];
      while (table.next()) {
        table.features(features, 0);
        if (options.labelKind() == CsvOptions.LabelKind.NUMBER) {
          table.targets(targets, 0);
        } else if (known.isEmpty()) {
          collect(table, names);
        } else {
          table.classIn(known);
        }
      }
      if (table.rows() == 0) {
        throw new InputException(path + ": holds no examples.");
      }
      return new SourceSummary(
          table.rows(), FeatureType.FLOAT32, table.shape(), labels(table, names));
    }
  }

  private Labels labels(CsvTable table, Set<String> found) {
    if (options.labelKind() == CsvOptions.LabelKind.NUMBER) {
      return new Labels.Targets(table.labelNames());
    }
    return new Labels.Classes(options.classes().isEmpty() ? sorted(found) : options.classes());
  }

  @Override
  public ExampleBlock read(Configuration hadoop, int[] positions) throws IOException {
    List<String> classes = options.classes();
    boolean numbers = options.labelKind() == CsvOptions.LabelKind.NUMBER;
    if (!numbers && classes.isEmpty()) {
      classes = inspect(hadoop).labels().names();
    }
    Map<String, Integer> known = numbered(classes);
    try (CsvTable table = CsvTable.open(DataFile.of(hadoop, path), options)) {
      int width = table.features();
      float[] features = new float[values(positions.length, width)];
      float[] targets = new float[numbers ? values(positions.length, table.labels()) : 0];
      int[] labels = new int[numbers ? 0 : positions.length];
      for (int i = 0; i < positions.length; i++) {
        table.skipTo(positions[i]);
        table.features(features, i * width);
        if (numbers) {
          table.targets(targets, i * table.labels());
        } else {
          labels[i] = table.classIn(known);
        }
      }
      ExampleBlock.Features block = ExampleBlock.Features.float32(table.shape(), features);
      return numbers
          ? ExampleBlock.ofTargets(positions.clone(), block, targets, table.labels())
          : ExampleBlock.ofClasses(positions.clone(), block, labels, classes.size());
    }
  }

  private int values(int rows, int width) {
    long values = (long) rows * width;
    if (values > Integer.MAX_VALUE - 8) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %,d examples of %,d values do not fit one block (2^31 values). Use more"
                  + " replicas.",
              path,
              rows,
              width));
    }
    return (int) values;
  }

  private static void collect(CsvTable table, Set<String> names) {
    if (names.add(table.label()) && names.size() > MAX_CLASSES) {
      throw table.wrong(
          String.format(
                  Locale.ROOT,
                  "column %s: more than %,d different labels. If they are numbers to be predicted,"
                      + " say so;",
                  table.labelNames(),
                  MAX_CLASSES)
              + " else choose another label column.");
    }
  }

  private static Map<String, Integer> numbered(List<String> classes) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : classes) {
      numbers.put(name, numbers.size());
    }
    return numbers;
  }

  /** Sorts as numbers if all are, so that 10 comes after 9; else by character. */
  private static List<String> sorted(Set<String> names) {
    boolean numeric = names.stream().allMatch(CsvTable::isNumber);
    return names.stream()
        .sorted(
            numeric
                ? Comparator.comparingDouble(Double::parseDouble)
                    .thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder())
        .toList();
  }

  @Override
  public CsvSource withLabels(Labels known) {
    return known instanceof Labels.Classes && options.labelKind() == CsvOptions.LabelKind.CLASS
        ? new CsvSource(path, options.withClasses(known.names()))
        : this;
  }
}
