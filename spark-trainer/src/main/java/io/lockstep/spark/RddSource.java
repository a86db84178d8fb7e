package io.lockstep.spark;

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
import io.lockstep.data.source.csv.CsvOptions.Weight;
import io.lockstep.data.source.csv.RowTable;
import io.lockstep.data.source.csv.TableInput;
import io.lockstep.data.source.csv.TableOutput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/**
 * Examples that lie in a data set of Spark: partition k is split k, and an example is known by its
 * partition and its row in it.
 *
 * <p>So partitions and the order of rows in them decide the result, like the order of lines in a
 * file, unless {@link #id} names a column that gives rows their order. They must be the same
 * whenever a partition is computed: read from files that stay as they are, sorted by a unique key,
 * or checkpointed. After a shuffle without a sort ({@code repartition}, {@code groupBy}) they may
 * not be. A partition is read once and kept; if it must be computed again, because an executor was
 * lost, other rows are noticed and end the run; a resumed run compares the hash of all of it.
 *
 * <p>Each method returns a changed copy; made by {@code io.lockstep.app.Examples}. The columns are
 * looked at when the examples are read. Not thread-safe while they are.
 *
 * @param <T> rows
 */
public final class RddSource<T> implements ExampleSource {
  private static final long serialVersionUID = 1L;

  private final transient Rows<T> rows;
  private final String name;
  private final CsvOptions options; // null until it is said what is to be learnt
  private final Said said;
  private transient RowTable table; // once it was laid out
  private transient Rows.Laid<T> laid;

  private RddSource(Rows<T> rows, String name, CsvOptions options, Said said) {
    this.rows = rows;
    this.name = name;
    this.options = options;
    this.said = said;
  }

  /**
   * What is said of the rows beside their columns.
   *
   * @param id column whose values give rows their order; empty for the one they have
   * @param last column of yes or no, whose yes brings a row behind all others; empty for none
   * @param badRecords what becomes of rows that cannot be used
   * @param how they are read to be scored
   */
  private record Said(String id, String last, BadRecords badRecords, ToScore how)
      implements Serializable {
    static final Said NOTHING = new Said("", "", BadRecords.FAIL, ToScore.NOT);
  }

  /** The rows of a data set, in its order, of which nothing is said yet. */
  public static RddSource<Row> of(Dataset<Row> rows) {
    return of(FrameRows.of(rows, FrameRows.Order.AS_IT_IS), "rows");
  }

  /**
   * Rows of any kind, of which nothing is said yet.
   *
   * @param columns names of all columns
   * @param arrays numbers of those whose cells may be arrays
   * @param cells what stands in a column of a row
   */
  public static <T> RddSource<T> of(
      JavaRDD<T> rows, List<String> columns, List<Integer> arrays, RowTable.Cells<T> cells) {
    return of(new RddRows<>(rows, List.copyOf(columns), List.copyOf(arrays), cells), "rows");
  }

  static <T> RddSource<T> of(Rows<T> rows, String name) {
    return new RddSource<>(rows, name, null, Said.NOTHING);
  }

  /** The same under a name for messages and the run directory. */
  public RddSource<T> named(String other) {
    return new RddSource<>(rows, other, options, said);
  }

  /** Classes named in a column, all other columns being features. */
  public RddSource<T> label(String column) {
    return with(CsvOptions.classes(column));
  }

  /** Numbers to be predicted, in columns; all other columns are features. */
  public RddSource<T> targets(String... columns) {
    return with(CsvOptions.numbers(columns));
  }

  /** The feature columns, in the order in which the network sees them. */
  public RddSource<T> features(String... columns) {
    return with(options().withFeatures(columns));
  }

  /** The classes in label order; without it they are collected and sorted. */
  public RddSource<T> classes(String... names) {
    return with(options().withClasses(List.of(names)));
  }

  /** The column of the examples' weights, 0 or more, which is no feature. */
  public RddSource<T> weight(String column) {
    return with(options().withWeight(new Weight(column, false)));
  }

  /** Columns that are no features, where all that nothing names are. */
  public RddSource<T> exclude(String... columns) {
    return with(options().without(List.of(columns)));
  }

  /**
   * The column whose values, different in all rows, give the examples their order: then neither
   * partitions nor the order of rows in them decide anything. It is no feature.
   */
  public RddSource<T> id(String column) {
    return with(new Said(column, said.last, said.badRecords, said.how));
  }

  /**
   * A column of yes or no, which is no feature: the rows with a yes are the last ones, so that a
   * plan with {@code holdOut: last} holds these out.
   */
  public RddSource<T> last(String column) {
    return with(new Said(said.id, column, said.badRecords, said.how));
  }

  /** The shape of an example, such as {@code 1, 28, 28} for an image. */
  public RddSource<T> shape(Integer... extents) {
    return with(options().withShape(extents));
  }

  /** One more input of a network with several, beside those named before. */
  public RddSource<T> input(TableInput input) {
    List<TableInput> inputs = new ArrayList<>(options().inputs());
    inputs.add(input);
    return with(options().withInputs(inputs));
  }

  /** One more output of a network with several, beside those named before. */
  public RddSource<T> output(TableOutput output) {
    if (options == null) {
      return with(CsvOptions.outputs(output));
    }
    if (options.outputs().isEmpty()) {
      throw new InputException(
          name + ": say what is to be learnt by output(...) alone, or by label or targets alone");
    }
    List<TableOutput> outputs = new ArrayList<>(options.outputs());
    outputs.add(output);
    return with(options.withOutputs(outputs));
  }

  /** Whether it was said what is to be learnt. */
  public boolean isUnderstood() {
    return options != null;
  }

  /** Understood as a table for a model that was trained on another. */
  public RddSource<T> understood(CsvOptions others) {
    return with(others);
  }

  private RddSource<T> with(CsvOptions other) {
    return new RddSource<>(rows, name, other, said);
  }

  private RddSource<T> with(Said other) {
    return new RddSource<>(rows, name, options, other);
  }

  private CsvOptions options() {
    if (options == null) {
      throw new InputException(
          name
              + ": say first what is to be learnt, by label(COLUMN), targets(COLUMN, ...) or, for a"
              + " network with several outputs, output(...)");
    }
    return options;
  }

  /** The Spark that the rows belong to. */
  public JavaSparkContext spark() {
    return rows.spark();
  }

  @Override
  public SourceLayout layout(Configuration hadoop) {
    return table().layout(laid.splits());
  }

  private RowTable table() {
    if (table == null) {
      checkStructures();
      var plain =
          new RowTable(name, counted(), rows.columns(), passing(), said.badRecords, said.id);
      laid = laid(plain);
      table = plain.withWidths(widths(plain));
    }
    return table;
  }

  /**
   * The options, by which what brings rows behind others and structures as such are no features.
   */
  private CsvOptions counted() {
    if (!options().features().isEmpty()) {
      return options();
    }
    List<String> no = new ArrayList<>(options().exclude());
    Stream.of(said.last).filter(rows.columns()::contains).forEach(no::add);
    no.addAll(rows.structures());
    return options().without(no);
  }

  private void checkStructures() {
    Stream.concat(options().features().stream(), options().labels().stream())
        .filter(rows.structures()::contains)
        .findFirst()
        .ifPresent(
            column -> {
              List<String> values =
                  rows.columns().stream().filter(it -> it.startsWith(column + ".")).toList();
              throw new InputException(
                  "%s: column '%s' is a structure. Name its values: %s."
                      .formatted(name, column, Labels.abbreviate(values)));
            });
  }

  /** What is passed through to scores: structures as a whole. */
  private ToScore passing() {
    return said.how.on() && said.how.all() && !rows.structures().isEmpty()
        ? said.how.withColumns(rows.outer())
        : said.how;
  }

  private Rows.Laid<T> laid(RowTable plain) {
    int last = rows.columns().indexOf(said.last);
    if (last < 0 && !said.last.isEmpty()) {
      throw new InputException("%s: there is no column '%s'.".formatted(name, said.last));
    }
    return rows.laid(new Rows.Wish(name, plain.used(), rows.columns().indexOf(said.id), last));
  }

  private List<Integer> widths(RowTable plain) {
    List<Integer> widths = new ArrayList<>(plain.widths());
    for (int column : plain.used()) {
      try {
        widths.set(column, rows.width(column));
      } catch (InputException e) {
        throw new InputException(name + ": " + e.getMessage(), e);
      }
    }
    return widths;
  }

  /** The rows as blocks, then a report for each partition. */
  JavaRDD<SerializableWritable<Crate>> crates(SourceLayout layout) {
    RowTable own = table();
    RowTable.Cells<T> cells = laid.cells();
    return laid.rows()
        .mapPartitionsWithIndex(
            (partition, it) -> new SplitCrates(own.reader(layout, it, cells)), true);
  }

  /** The rows of each partition as {@code task} scores them. */
  JavaRDD<Object[]> scored(SourceLayout layout, ScoringTask task) {
    RowTable own = table();
    RowTable.Cells<T> cells = laid.cells();
    RowTable.Cells<T> raw = laid.raw();
    return laid.rows()
        .mapPartitionsWithIndex(
            (partition, it) ->
                task.rows(layout.splits().get(partition), own.reader(layout, it, cells, raw)),
            true);
  }

  /** The records that are left out, which {@code task} sets aside. */
  JavaRDD<Object[]> skipped(SourceLayout layout, SkippedTask task) {
    RowTable own = table();
    RowTable.Cells<T> cells = laid.cells();
    return laid.rows()
        .mapPartitionsWithIndex(
            (partition, it) ->
                task.rows(layout.splits().get(partition), own.reader(layout, it, cells)),
            true);
  }

  /** What each partition reports. */
  JavaRDD<byte[]> reports(SourceLayout layout) {
    RowTable own = table();
    RowTable.Cells<T> cells = laid.cells();
    return laid.rows()
        .mapPartitionsWithIndex(
            (partition, it) -> List.of(ReportTask.report(own.reader(layout, it, cells))).iterator(),
            true);
  }

  /** Types of the columns that are passed through; empty if nobody knows. */
  List<DataType> passedTypes() {
    List<DataType> types = rows.types();
    List<DataType> passed = new ArrayList<>();
    for (int column : types.isEmpty() ? new int[0] : table().passed().numbers()) {
      passed.add(types.get(column));
    }
    return passed;
  }

  @Override
  public RddSource<T> toScore(ToScore other) {
    return with(new Said(said.id, said.last, said.badRecords, other));
  }

  @Override
  public RddSource<T> withBadRecords(BadRecords policy) {
    return with(new Said(said.id, said.last, policy, said.how));
  }

  @Override
  public RddSource<T> withColumns(ColumnRules rules) {
    return rules.isEmpty() ? this : with(options().with(rules));
  }

  /** Computes a partition and brings it to the driver, for reading in process. */
  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) {
    RowTable own = table();
    List<T>[] partition =
        Jobs.run(
            "reading " + split.file(),
            () -> laid.rows().collectPartitions(new int[] {split.index()}));
    return own.reader(layout, partition[0].iterator(), laid.cells());
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return table().settle(layout, reports);
  }

  @Override
  public RddSource<T> like(Labels labels, List<String> columns) {
    options();
    boolean several = labels instanceof Labels.Several;
    if (several || !options.outputs().isEmpty()) {
      List<String> own = options.outputs().stream().map(TableOutput::name).toList();
      if (!several || !own.equals(labels.names())) {
        throw new InputException(
            "%s: has the outputs %s, but those of training are %s."
                .formatted(name, own, several ? labels.names() : "one without a name"));
      }
    } else if (labels instanceof Labels.Classes != (options.labelKind() == LabelKind.CLASS)) {
      throw new InputException(
          "%s: has %s, but those of training are %s."
              .formatted(
                  name,
                  options.labelKind() == LabelKind.CLASS ? "classes" : "numbers to be predicted",
                  labels instanceof Labels.Classes ? "classes" : "numbers to be predicted"));
    }
    return with(options.like(labels, columns));
  }

  @Override
  public boolean normalizes(String input) {
    return options().normalizes(input);
  }

  @Override
  public RddSource<T> masked(double value) {
    return with(options().masked(value));
  }

  @Override
  public String name() {
    return name;
  }
}
