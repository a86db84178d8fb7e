package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.types.DataType;

/**
 * Examples that lie in a data set of Spark: partition k is split k, and an example is known by its
 * partition and its row in it.
 *
 * <p>So partitions and the order of rows in them decide the result, like the order of lines in a
 * file. They must be the same whenever a partition is computed: read from files that stay as they
 * are, sorted by a unique key, or checkpointed. After a shuffle without a sort ({@code
 * repartition}, {@code groupBy}) they may not be. A partition is read once and kept; if it must be
 * computed again, because an executor was lost, other rows are noticed and end the run; a resumed
 * run compares the hash of all of it.
 *
 * <p>Each method returns a changed copy; made by {@code io.lockstep.app.Examples}. The columns are
 * looked at when the examples are read. Not thread-safe while they are.
 *
 * @param <T> rows
 */
public final class RddSource<T> implements ExampleSource {
  private static final long serialVersionUID = 1L;

  private final transient JavaRDD<T> rows;
  private final transient Rows<T> kind;
  private final String name;
  private final CsvOptions options; // null until it is said what is to be learnt
  private final ToScore how;
  private transient RowTable table; // once the first row was looked at

  private RddSource(JavaRDD<T> rows, Rows<T> kind, String name, CsvOptions options, ToScore how) {
    this.rows = rows;
    this.kind = kind;
    this.name = name;
    this.options = options;
    this.how = how;
  }

  /** Rows of which nothing is said yet. */
  public static <T> RddSource<T> of(JavaRDD<T> rows, Rows<T> kind) {
    return new RddSource<>(rows, kind, "rows", null, ToScore.NOT);
  }

  /** The same under a name for messages and the run directory. */
  public RddSource<T> named(String other) {
    return new RddSource<>(rows, kind, other, options, how);
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
    return with(said().withFeatures(columns));
  }

  /** The classes in label order; without it they are collected and sorted. */
  public RddSource<T> classes(String... names) {
    return with(said().withClasses(List.of(names)));
  }

  /** The column of the examples' weights, 0 or more, which is no feature. */
  public RddSource<T> weight(String column) {
    return with(said().withWeight(new Weight(column, false)));
  }

  /** The shape of an example, such as {@code 1, 28, 28} for an image. */
  public RddSource<T> shape(Integer... extents) {
    return with(said().withShape(extents));
  }

  /** One more input of a network with several, beside those named before. */
  public RddSource<T> input(TableInput input) {
    List<TableInput> inputs = new ArrayList<>(said().inputs());
    inputs.add(input);
    return with(said().withInputs(inputs));
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
    return new RddSource<>(rows, kind, name, other, how);
  }

  private CsvOptions said() {
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
    return JavaSparkContext.fromSparkContext(rows.context());
  }

  @Override
  public SourceLayout layout(Configuration hadoop) {
    return table().layout(rows.getNumPartitions());
  }

  private RowTable table() {
    table = table == null ? new RowTable(name, said(), kind.columns(), widths(), how) : table;
    return table;
  }

  /** Looks at the first row if cells may hold several values. */
  private List<Integer> widths() {
    List<String> header = kind.columns();
    List<Integer> widths = new ArrayList<>(header.stream().map(column -> 1).toList());
    List<Integer> arrays =
        IntStream.range(0, header.size()).filter(kind::mayBeArray).boxed().toList();
    if (!arrays.isEmpty()) {
      List<T> first = rows.take(1);
      if (first.isEmpty()) {
        throw new InputException(name + ": holds no examples.");
      }
      for (int column : arrays) {
        Object cell = kind.cells().cell(first.get(0), column);
        widths.set(column, cell instanceof double[] numbers ? numbers.length : 1);
      }
    }
    return widths;
  }

  /** The rows as blocks, then a report for each partition. */
  JavaRDD<SerializableWritable<Crate>> crates(SourceLayout layout) {
    RowTable table = table();
    RowTable.Cells<T> cells = kind.cells();
    return rows.mapPartitionsWithIndex(
        (partition, it) -> new SplitCrates(table.reader(layout, it, cells)), true);
  }

  /** The rows of each partition as {@code task} scores them. */
  JavaRDD<Object[]> scored(SourceLayout layout, ScoringTask task) {
    RowTable table = table();
    RowTable.Cells<T> cells = kind.cells();
    RowTable.Cells<T> raw = kind.raw();
    return rows.mapPartitionsWithIndex(
        (partition, it) ->
            task.rows(layout.splits().get(partition), table.reader(layout, it, cells, raw)),
        true);
  }

  /** What each partition reports. */
  JavaRDD<byte[]> reports(SourceLayout layout) {
    RowTable table = table();
    RowTable.Cells<T> cells = kind.cells();
    return rows.mapPartitionsWithIndex(
        (partition, it) -> List.of(ReportTask.report(table.reader(layout, it, cells))).iterator(),
        true);
  }

  /** Types of the columns that are passed through; empty if nobody knows. */
  List<DataType> passedTypes() {
    List<DataType> types = new ArrayList<>();
    for (int column : kind.types().isEmpty() ? new int[0] : table().passed().numbers()) {
      types.add(kind.types().get(column));
    }
    return types;
  }

  @Override
  public RddSource<T> toScore(ToScore other) {
    return new RddSource<>(rows, kind, name, options, other);
  }

  /** Computes a partition and brings it to the driver, for reading in process. */
  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) {
    List<T>[] partition = rows.collectPartitions(new int[] {split.index()});
    return table().reader(layout, partition[0].iterator(), kind.cells());
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return table().settle(layout, reports);
  }

  @Override
  public RddSource<T> like(Labels labels, List<String> columns) {
    said();
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
    return said().normalizes(input);
  }

  @Override
  public RddSource<T> masked(double value) {
    return with(said().masked(value));
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * How rows of a kind are looked into.
   *
   * @param columns names of all columns
   * @param arrays numbers of those whose cells may be arrays
   * @param cells what stands in a column of a row
   * @param raw the same as Spark has it
   * @param types of all columns, as Spark has them; empty if nobody knows
   * @param <T> rows
   */
  public record Rows<T>(
      List<String> columns,
      List<Integer> arrays,
      RowTable.Cells<T> cells,
      RowTable.Cells<T> raw,
      List<DataType> types) {
    /** Of rows whose columns have no types. */
    public Rows(List<String> columns, List<Integer> arrays, RowTable.Cells<T> cells) {
      this(columns, arrays, cells, (row, column) -> text(cells.cell(row, column)), List.of());
    }

    private static String text(Object cell) {
      return cell instanceof double[] numbers
          ? Arrays.toString(numbers)
          : cell == null ? null : cell.toString();
    }

    boolean mayBeArray(int column) {
      return arrays.contains(column);
    }
  }
}
