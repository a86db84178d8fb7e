package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.table.Tables;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.Plan;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.Wanted;
import io.lockstep.spark.SparkScoring;
import io.lockstep.spark.SparkTables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a trained model says of examples, written by Spark.
 *
 * <pre>{@code
 * Scores scores = Scoring.of("runs/churn").data("customers.csv").write("scores");
 * }</pre>
 *
 * <p>Examples are read, scored and written block by block, so memory does not grow with them. The
 * output is there when it is whole, each example once. Not thread-safe.
 */
public final class Scoring {
  private static final String DEFAULT_MASTER = "local[*]";
  private static final int DEFAULT_BATCH = 256;

  private final String model;
  private SparkChoice spark = SparkChoice.OWN;
  private Optional<Configuration> hadoop = Optional.empty();
  private GivenExamples examples = GivenExamples.NONE;
  private Optional<String> master = Optional.empty();
  private Optional<String> setAside = Optional.empty();
  private ToScore how = ToScore.everything();
  private Wanted wanted = Wanted.PREDICTION;
  private ScoreFormat format = ScoreFormat.CSV;
  private boolean overwrite;
  private IngestionWatch watch = IngestionWatch.NONE;

  private Scoring(String model) {
    this.model = model;
  }

  /**
   * A scoring by {@code model}.
   *
   * @param model a run directory, or the model file of one
   */
  public static Scoring of(String model) {
    return new Scoring(model);
  }

  /**
   * The examples.
   *
   * @param words a source as {@code data.test} of a plan has it in braces, the name of an embedded
   *     set, or the path of data that lies like that of training; labels may be missing
   */
  public Scoring data(String words) {
    examples = examples.with(words);
    return this;
  }

  /** The examples. */
  public Scoring data(ExampleSource source) {
    examples = examples.with(source);
    spark = spark.or(source);
    return this;
  }

  /**
   * The rows of a data set of Spark, with the feature columns of training by name; rows in the
   * order of its partitions.
   */
  public Scoring data(Dataset<Row> rows) {
    return data(Examples.of(rows));
  }

  /** Keeps these columns of the data beside the scores, and no others; all are kept otherwise. */
  public Scoring keep(String... columns) {
    how = how.withColumns(List.of(columns));
    return this;
  }

  /** Does not look at labels, even if they are there: then no loss is told. */
  public Scoring withoutLabels() {
    how = how.withoutLabels();
    return this;
  }

  /** Also tells the probability of each class; of two classes it is told anyway. */
  public Scoring probabilities() {
    wanted = wanted.withProbabilities();
    return this;
  }

  /** Also tells the {@code k} most probable classes. */
  public Scoring topK(int k) {
    if (k < 1) {
      throw new InputException("k of the top k classes must be at least 1, not " + k);
    }
    wanted = wanted.withTopK(k);
    return this;
  }

  /** Also tells the values as the network puts them out. */
  public Scoring raw() {
    wanted = wanted.withRaw();
    return this;
  }

  /**
   * Says what becomes of records that cannot be used; as {@code data.badRecords} of the plan if it
   * is not said.
   */
  public Scoring badRecords(BadRecords policy) {
    examples = examples.with(policy);
    setAside = Optional.empty();
    return this;
  }

  /** Leaves records out that cannot be used, and sets them aside in a folder, as CSV. */
  public Scoring badRecordsTo(String folder) {
    examples = examples.with(BadRecords.SKIP);
    setAside = Optional.of(folder);
    return this;
  }

  /** Writes files of this format, not CSV. */
  public Scoring format(ScoreFormat other) {
    format = other;
    return this;
  }

  /** Replaces scores that lie in the output already, once the new ones are whole. */
  public Scoring overwrite() {
    overwrite = true;
    return this;
  }

  /** Tells {@code listener} how it comes along. */
  public Scoring listener(IngestionWatch listener) {
    watch = listener;
    return this;
  }

  /** Opens Spark at {@code master}, such as {@code local[4]}. */
  public Scoring master(String master) {
    this.master = Optional.of(master);
    return this;
  }

  /** Runs on {@code session}, which stays open. */
  public Scoring spark(SparkSession session) {
    return spark(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /** Runs on {@code context}, which stays open. */
  public Scoring spark(JavaSparkContext context) {
    spark = new SparkChoice(Optional.of(context));
    return this;
  }

  /** Reads files with these settings instead of Spark's. */
  public Scoring hadoop(Configuration settings) {
    hadoop = Optional.of(settings);
    return this;
  }

  /**
   * Scores, and writes the rows into the folder {@code output}.
   *
   * @throws InputException if there is no such model, if the examples are not like its own or must
   *     be mended, or if the output is there already
   * @throws IOException if a file system fails
   */
  public Scores write(String output) throws IOException {
    long begun = System.nanoTime();
    Configuration settings = hadoop.orElseGet(spark::hadoop);
    var folders = ScoresFolders.of(output, setAside, overwrite, settings);
    Optional<Plan> plan = NamedData.planOf(model, settings);
    Fitting fitting = fitting(plan, format.isFlat() ? wanted.flattened() : wanted, settings);
    Optional<ModelScoring> known = fitting.withoutSpark();
    return spark.run(
        "score",
        master.or(() -> plan.map(it -> it.run().master())).orElse(DEFAULT_MASTER),
        context -> {
          ModelScoring scoring = known.isPresent() ? known.get() : fitting.with(new SparkTables());
          try (var scores = new SparkScoring(context, scoring, settings)) {
            SparkScoring.Written written = folders.write(scores, format, watch);
            return new Scores(
                scoring.source().name(),
                output,
                written.rows(),
                written.files(),
                scores.columns(),
                scoring.labelled(),
                written.skipped(),
                setAside.filter(it -> written.skipped().total() > 0),
                (System.nanoTime() - begun) / 1e9);
          }
        });
  }

  /**
   * The scores as a data set of the Spark that was given, computed when it is asked for. The data
   * is read once before, so that what is wrong with it is told at once.
   *
   * @throws InputException as {@link #write}
   * @throws IOException if a file system fails
   */
  public Dataset<Row> rows() throws IOException {
    Configuration settings = hadoop.orElseGet(spark::hadoop);
    JavaSparkContext context =
        spark.given().orElseThrow(() -> new IllegalStateException("give a Spark session first"));
    ModelScoring scoring =
        fitting(NamedData.planOf(model, settings), wanted, settings).with(new SparkTables());
    // Not closed: what it holds in the cluster goes with the data set.
    return new SparkScoring(context, scoring, settings).rows();
  }

  private Fitting fitting(Optional<Plan> plan, Wanted columns, Configuration settings)
      throws IOException {
    ModelFile file =
        ModelFile.read(
            ModelPath.file(model, settings),
            plan.map(it -> it.compute().kernels()).orElse(Kernels.AUTO),
            settings);
    return new Fitting(
        file,
        examples.of(plan, file.card(), Scoring::missing),
        how,
        columns,
        plan.map(it -> it.evaluation().batch()).orElse(DEFAULT_BATCH),
        settings);
  }

  /** Model and examples, to be fitted to each other. */
  private record Fitting(
      ModelFile file,
      ExampleSource source,
      ToScore how,
      Wanted columns,
      int batch,
      Configuration settings) {
    /** What can be known before Spark is opened; empty if only Spark can open the examples. */
    Optional<ModelScoring> withoutSpark() throws IOException {
      return source instanceof StoredTable ? Optional.empty() : Optional.of(with(Tables.NONE));
    }

    ModelScoring with(Tables tables) throws IOException {
      return ModelScoring.of(file, tables.opened(source), how, columns, batch, settings);
    }
  }

  private static ExampleSource missing() {
    throw new InputException("say with --data what is to be scored");
  }
}
