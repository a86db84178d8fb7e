package io.lockstep.data.source.table;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples from a table that an engine reads: files in columns or lines, a table of a catalogue, or
 * the rows of a query. Columns go by their names; a value in a structure by its path, such as
 * {@code customer.age}.
 *
 * <p>It says what is meant, and is no more than that: whoever wants its examples opens it first, by
 * {@link Tables}.
 *
 * @param place where it lies
 * @param options how its columns are to be understood; dialect and header mean nothing, but for the
 *     words of what is missing
 * @param id column whose values give the examples their order; empty for the order of the files
 * @param badRecords what becomes of rows that cannot be used
 * @param how it is read to be scored
 */
public record StoredTable(
    Place place, CsvOptions options, String id, BadRecords badRecords, ToScore how)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** A table in which a row that cannot be used is an error, in the order of its files. */
  public StoredTable(Place place, CsvOptions options) {
    this(place, options, "", BadRecords.FAIL, ToScore.NOT);
  }

  /** What a table lies in. */
  public enum Kind {
    /** Apache Parquet. */
    PARQUET("parquet"),
    /** Apache ORC. */
    ORC("orc"),
    /** A JSON object a line. */
    JSON("json"),
    /** Apache Avro. */
    AVRO("avro"),
    /** LIBSVM: a label and the numbers that are not 0. */
    LIBSVM("libsvm"),
    /** A table of a catalogue. */
    TABLE("table"),
    /** The rows of a query. */
    QUERY("query");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As plans and Spark have it. */
    public String word() {
      return word;
    }

    /** The kind of files that end like {@code path}; empty if no kind does. */
    public static Optional<Kind> ofName(String path) {
      String name = path.toLowerCase(Locale.ROOT);
      if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json.gz")) {
        return Optional.of(JSON);
      }
      return Arrays.stream(values())
          .filter(kind -> kind.isFiles() && name.endsWith("." + kind.word))
          .findFirst();
    }

    /** Whether it is a kind of files, with a path. */
    public boolean isFiles() {
      return this != TABLE && this != QUERY;
    }
  }

  /**
   * Where a table lies.
   *
   * @param kind of what it lies in
   * @param location a file, folder or glob; the name of a table; or a query
   * @param schema names and types of its columns as SQL has them; empty to find them out
   * @param settings of the engine's reader
   */
  public record Place(Kind kind, String location, String schema, SortedMap<String, String> settings)
      implements Serializable {
    public Place {
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** A place of which nothing more is said. */
    public static Place of(Kind kind, String location) {
      return new Place(kind, location, "", new TreeMap<>(Map.of()));
    }
  }

  @Override
  public SourceLayout layout(Configuration hadoop) {
    throw closed();
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) {
    throw closed();
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    throw closed();
  }

  private InputException closed() {
    return new InputException(
        "%s: %s is read by Spark, and there is none here. Use run.engine: spark, or write it as CSV."
            .formatted(name(), place.kind().word()));
  }

  @Override
  public StoredTable like(Labels known, List<String> columns) {
    check(known);
    return with(options.like(known, columns));
  }

  private void check(Labels known) {
    boolean several = !options.outputs().isEmpty() || known instanceof Labels.Several;
    boolean classes = options.labelKind() == LabelKind.CLASS;
    if (!several && how.labels() && known instanceof Labels.Classes != classes) {
      throw new InputException(
          "%s: has %s, but those of training are %s. Write %s."
              .formatted(
                  name(),
                  classes ? "classes" : "numbers to be predicted",
                  classes ? "numbers to be predicted" : "classes",
                  classes ? "targets: [...] instead of label" : "label: ... instead of targets"));
    }
  }

  @Override
  public StoredTable withColumns(ColumnRules rules) {
    return with(options.with(rules));
  }

  @Override
  public boolean normalizes(String input) {
    return options.normalizes(input);
  }

  @Override
  public StoredTable masked(double value) {
    return with(options.masked(value));
  }

  /** The same with the weights of examples in a column. */
  public StoredTable weighted(CsvOptions.Weight column) {
    return with(options.withWeight(column));
  }

  private StoredTable with(CsvOptions others) {
    return new StoredTable(place, others, id, badRecords, how);
  }

  @Override
  public StoredTable withBadRecords(BadRecords policy) {
    return new StoredTable(place, options, id, policy, how);
  }

  @Override
  public StoredTable toScore(ToScore other) {
    return new StoredTable(place, options, id, badRecords, other);
  }

  @Override
  public String name() {
    return place.location();
  }
}
