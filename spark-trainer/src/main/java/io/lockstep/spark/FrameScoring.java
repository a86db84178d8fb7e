package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.normalize.Encoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.RowTable;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.ScoreColumn;
import io.lockstep.score.Scorer;
import io.lockstep.score.Wanted;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the rows of data sets that have their features in one column of vectors, as they are
 * computed: nothing is read before somebody asks for rows, and no more than a block of them is
 * held.
 *
 * <p>A model goes to each JVM once and stays there as long as this lives. Thread-safe.
 */
public final class FrameScoring {
  private static final int BATCH = 256;
  private static final String FEATURES = "features";

  private final RowTable table;
  private final SourceLayout layout;
  private final ModelScoring scoring;
  private final int raw; // place of what the network puts out in a scored row
  private Scorer local; // for single rows, once one was asked for
  private JavaSparkContext spark;
  private SharedRun<Scorer> run; // on that Spark, once rows were asked for

  private FrameScoring(Features features, ModelScoring scoring) {
    table = features.table;
    layout = scoring.layout();
    this.scoring = scoring;
    List<String> columns = scoring.table().columns().stream().map(ScoreColumn::name).toList();
    raw = 1 + columns.indexOf("raw");
  }

  /**
   * Scoring by a model whose input is a row of numbers.
   *
   * @param file of the model
   * @throws InputException if it takes something else
   * @throws IOException if the file system fails
   */
  public static FrameScoring of(String file, Configuration hadoop) throws IOException {
    ModelFile model = ModelFile.read(file, Kernels.AUTO, hadoop);
    List<Integer> shape = model.card().shape();
    int width = shape.stream().reduce(1, (a, b) -> a * b);
    int read =
        model.card().normalizer() instanceof Encoding encoding ? encoding.known().size() : width;
    CsvOptions options =
        (model.card().labels() instanceof Labels.Classes
                ? CsvOptions.classes("label")
                : CsvOptions.numbers("label"))
            .withFeatures(FEATURES)
            .withShape(shape.size() > 1 ? shape.toArray(Integer[]::new) : new Integer[0]);
    var features =
        new Features(
            new RowTable(
                "the data",
                options,
                List.of(FEATURES),
                List.of(read),
                ToScore.everything().withoutLabels(),
                BadRecords.FAIL,
                ""));
    return new FrameScoring(
        features,
        ModelScoring.of(
            model, features, features.table.how(), Wanted.PREDICTION.withRaw(), BATCH, hadoop));
  }

  /**
   * What becomes of a row and of what the network puts out for it.
   *
   * @param <R> what becomes of it
   */
  @FunctionalInterface
  public interface Scored<R> extends Serializable {
    /** Makes it. */
    R of(Row row, float[] output);
  }

  /**
   * The rows with more columns, computed when they are asked for.
   *
   * @param features number of the column of vectors
   * @param schema of the rows that {@code scored} makes
   */
  public Dataset<Row> rows(Dataset<Row> data, int features, StructType schema, Scored<Row> scored) {
    RowTable.Cells<Row> cells = (row, column) -> doubles(row.get(features));
    SharedRun<Scorer> shared = shared(data);
    RowTable own = table;
    SourceLayout read = layout;
    int at = raw;
    MapPartitionsFunction<Row, Row> work =
        rows -> {
          var reader = own.reader(read, rows, cells, (row, column) -> row);
          return new Outputs<>(reader, shared.tools(), at, scored);
        };
    return data.mapPartitions(work, Encoders.row(schema));
  }

  private static Object doubles(Object cell) {
    return cell instanceof Vector vector ? vector.toArray() : cell;
  }

  /** What the network puts out for one row, computed in this thread. */
  public float[] output(double[] features) {
    RowTable.Cells<double[]> cells = (row, column) -> row;
    var reader = table.reader(layout, List.of(features).iterator(), cells);
    return new Outputs<float[]>(reader, local(), raw, null).one();
  }

  private synchronized Scorer local() {
    local = local == null ? scoring.work().open() : local;
    return local;
  }

  /** Numbers of a row. */
  public int features() {
    return table.widths().get(0);
  }

  /** Classes that the model tells apart, or numbers that it predicts. */
  public int classes() {
    return scoring.work().outputs().labels().names().size();
  }

  private synchronized SharedRun<Scorer> shared(Dataset<Row> data) {
    JavaSparkContext here = JavaSparkContext.fromSparkContext(data.sparkSession().sparkContext());
    if (run == null || spark.sc() != here.sc()) {
      spark = here;
      run = SharedRun.send(here, scoring.work());
    }
    return run;
  }

  /** Rows with what the network puts out for them, a block at a time. */
  private static final class Outputs<R> implements Iterator<R> {
    private final SplitReader reader;
    private final Scorer scorer;
    private final int raw;
    private final Scored<R> scored;
    private Iterator<Object[]> block = List.<Object[]>of().iterator();
    private boolean ended;

    Outputs(SplitReader reader, Scorer scorer, int raw, Scored<R> scored) {
      this.reader = reader;
      this.scorer = scorer;
      this.raw = raw;
      this.scored = scored;
    }

    float[] one() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return (float[]) block.next()[raw];
    }

    @Override
    public boolean hasNext() {
      while (!block.hasNext() && !ended) {
        read();
      }
      return block.hasNext();
    }

    private void read() {
      try {
        Optional<Block> next = reader.next();
        if (next.isPresent()) {
          block = scorer.score(next.get(), reader.passed()).iterator();
          return;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      SplitReport report = reader.report();
      if (!report.problems().isEmpty()) {
        SplitReport.Problem problem = report.problems().get(0);
        throw new InputException(
            "row %d of a partition: column %s: %s"
                .formatted(problem.line(), problem.column(), problem.message()));
      }
      ended = true;
    }

    @Override
    public R next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object[] row = block.next();
      return scored.of((Row) row[0], (float[]) row[raw]);
    }
  }

  /** The column of features, as a source that is never read from here. */
  private static final class Features implements ExampleSource {
    private static final long serialVersionUID = 1L;

    private RowTable table;

    Features(RowTable table) {
      this.table = table;
    }

    @Override
    public SourceLayout layout(Configuration hadoop) {
      return table.layout(Splits.of(name(), 1));
    }

    @Override
    public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split) {
      throw new IllegalStateException("has no rows of its own");
    }

    @Override
    public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
      return table.settle(layout, reports);
    }

    @Override
    public ExampleSource like(Labels labels, List<String> columns) {
      return this;
    }

    @Override
    public ExampleSource withColumns(ColumnRules rules) {
      if (!rules.isEmpty()) {
        table = table.with(table.options().with(rules));
      }
      return this;
    }

    @Override
    public ExampleSource toScore(ToScore how) {
      return this;
    }

    @Override
    public String name() {
      return table.name();
    }
  }
}
