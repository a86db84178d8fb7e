package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Locations;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReport;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.score.ModelScoring;
import io.lockstep.score.ScoreColumn;
import io.lockstep.score.Scorer;
import io.lockstep.train.LostWorkException;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Scores examples on Spark, split by split: each task reads a split, scores it and writes its rows,
 * block after block. The rows of a split, and their order, are a pure function of the split; so
 * whichever attempt Spark commits, each example is there once.
 */
public final class SparkScoring implements Closeable {
  private static final long MILLIS_BETWEEN_LOOKS = 250;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final SharedRun<Scorer> run;
  private ModelScoring scoring;
  private List<SplitReport> read = List.of(); // by the layout that was written last

  /**
   * Scoring on {@code spark}, which stays the caller's.
   *
   * @param settings that files are opened with
   */
  public SparkScoring(JavaSparkContext spark, ModelScoring scoring, Configuration settings) {
    this.spark = spark;
    this.scoring = scoring;
    hadoop = spark.broadcast(new SerializableConfiguration(Locations.travelling(settings)));
    run = SharedRun.send(spark, scoring.work());
  }

  /**
   * What came of scoring.
   *
   * @param rows that were written, one for each example
   * @param files that hold them
   * @param skipped records that were left out
   */
  public record Written(long rows, int files, SkippedRecords skipped) {}

  /** Writes rows: the data set is given, a call that returns once they are committed. */
  @FunctionalInterface
  public interface Writing {
    /** Writes {@code rows} and returns when they are there. */
    void write(Dataset<Row> rows);
  }

  /**
   * The scores as a data set, computed when it is asked for, as long as this is not closed; what is
   * wrong with the data is found before.
   *
   * @throws InputException if the data must be mended
   */
  public Dataset<Row> rows() {
    while (settled(IngestionWatch.NONE) instanceof ReadAgain again) {
      scoring = scoring.with(again.layout());
    }
    var reports = new ReportsBySplit();
    spark.sc().register(reports);
    return rows(reports);
  }

  /**
   * The scores as a data set.
   *
   * @param reports takes what each split reports
   */
  private Dataset<Row> rows(ReportsBySplit reports) {
    SourceLayout layout = scoring.layout();
    var task = new ScoringTask(run, scoring.source(), layout, scoring.numbered(), hadoop, reports);
    JavaRDD<Row> rows =
        scoring.source() instanceof RddSource<?> given
            ? given.scored(layout, task)
            : splits(layout).flatMap(task);
    return SparkSession.builder().getOrCreate().createDataFrame(rows, schema());
  }

  private JavaRDD<Integer> splits(SourceLayout layout) {
    int splits = layout.splits().size();
    return spark.parallelize(IntStream.range(0, splits).boxed().toList(), splits);
  }

  /** The columns of the scores. */
  public StructType schema() {
    List<StructField> fields = new ArrayList<>();
    List<DataType> types =
        scoring.source() instanceof RddSource<?> given ? given.passedTypes() : List.of();
    DataType untyped = scoring.numbered() ? DataTypes.LongType : DataTypes.StringType;
    for (String name : scoring.passed()) {
      DataType type = types.isEmpty() ? untyped : types.get(fields.size());
      fields.add(DataTypes.createStructField(name, type, true));
    }
    for (ScoreColumn column : scoring.table().columns()) {
      DataType type = type(column.kind());
      fields.add(
          DataTypes.createStructField(
              column.name(),
              column.perStep() ? DataTypes.createArrayType(type, false) : type,
              true));
    }
    return DataTypes.createStructType(fields);
  }

  private static DataType type(ScoreColumn.Kind kind) {
    return switch (kind) {
      case TEXT -> DataTypes.StringType;
      case NUMBER -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case VECTOR -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }

  /**
   * Scores and writes.
   *
   * @param watch told how it comes along
   * @throws InputException if the data must be mended; what was written is then of no use
   * @throws LostWorkException if Spark gave it up
   */
  public Written write(Writing writing, IngestionWatch watch) {
    while (true) {
      var reports = new ReportsBySplit();
      spark.sc().register(reports, "lockstep reports of splits");
      String group = "lockstep scoring " + UUID.randomUUID();
      try (var written = new WriteWatch(spark, group)) {
        try {
          Jobs.run(
              "scoring",
              () -> {
                watched(() -> write(writing, reports, group), written, watch);
                written.awaitEnd();
                return true;
              });
        } catch (InputException | LostWorkException e) {
          if (!written.isUseless() && !isUnusable(e)) {
            throw e;
          }
          scoring = scoring.with(otherLayout(e, watch));
          continue;
        }
        return reconciled(reports.value(), written.rows());
      }
    }
  }

  private boolean write(Writing writing, ReportsBySplit reports, String group) {
    spark.setJobGroup(group, "lockstep: scoring " + scoring.source().name(), true);
    try {
      writing.write(rows(reports));
      return true;
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Works in a thread of its own, so that this one can tell how it comes along. */
  private void watched(Callable<Boolean> work, WriteWatch written, IngestionWatch watch)
      throws Exception {
    var task = new FutureTask<>(work);
    var thread = new Thread(task, "lockstep-scoring");
    thread.setDaemon(true);
    thread.start();
    int splits = scoring.layout().splits().size();
    try {
      while (true) {
        try {
          task.get(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
          watch.advanced("scoring", 1);
          return;
        } catch (TimeoutException stillRunning) {
          watch.advanced("scoring", (double) written.tasks() / splits);
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      task.cancel(true);
    }
  }

  private static boolean isUnusable(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnusableSplitException
          || String.valueOf(cause.getMessage()).contains(UnusableSplitException.class.getName())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads all splits to find out what is wrong with them.
   *
   * @return the layout to read them by, if it was that
   * @throws InputException if the data must be mended
   */
  private SourceLayout otherLayout(RuntimeException failure, IngestionWatch watch) {
    if (failure instanceof InputException input) {
      throw input;
    }
    Settlement settlement = settled(watch);
    if (settlement instanceof ReadAgain again) {
      return again.layout();
    }
    throw failure;
  }

  /**
   * Reads all splits for what they report.
   *
   * @throws InputException if the data must be mended
   */
  private Settlement settled(IngestionWatch watch) {
    SourceLayout layout = scoring.layout();
    JavaRDD<byte[]> reports =
        scoring.source() instanceof RddSource<?> given
            ? given.reports(layout)
            : splits(layout).map(new ReportTask(scoring.source(), layout, hadoop));
    return scoring
        .source()
        .settle(
            layout,
            Jobs.watched(spark, "looking for what is wrong", reports::collectAsync, watch).stream()
                .map(SplitReport::decode)
                .toList());
  }

  /** Counts what was read and what was written, which must be the same. */
  private Written reconciled(Map<Integer, byte[]> reports, long rows) {
    SourceLayout layout = scoring.layout();
    List<SplitReport> all = reports.values().stream().map(SplitReport::decode).toList();
    long examples = all.stream().mapToLong(SplitReport::examples).sum();
    if (all.size() != layout.splits().size() || examples != rows) {
      throw new LostWorkException(
          "%,d rows were written, but %,d examples were read in %d of %d splits: do not use the output"
              .formatted(rows, examples, all.size(), layout.splits().size()),
          null);
    }
    scoring.source().settle(layout, all); // what only all splits together show
    read = all;
    return new Written(rows, all.size(), SkippedRecords.of(layout, all));
  }

  /**
   * Writes the records that were left out, once {@link #write} is done: where each is, what is
   * wrong with it, and the record itself.
   */
  public void setAside(Writing writing) {
    ModelScoring left = scoring.keepingSkipped();
    SourceLayout layout = left.layout();
    List<Integer> splits = new ArrayList<>();
    long[] before = new long[layout.splits().size()];
    long lines = 0;
    for (int split = 0; split < before.length; split++) {
      lines = layout.splits().get(split).from() == 0 ? 0 : lines;
      before[split] = lines;
      lines += read.get(split).lines();
      if (read.get(split).skipped().total() > 0) {
        splits.add(split);
      }
    }
    JavaRDD<Row> rows =
        spark
            .parallelize(splits, splits.size())
            .flatMap(new SkippedTask(left.source(), layout, hadoop, before));
    Jobs.run(
        "setting records aside",
        () -> {
          writing.write(
              SparkSession.builder().getOrCreate().createDataFrame(rows, SkippedTask.SCHEMA));
          return true;
        });
  }

  @Override
  public void close() {
    try {
      run.close();
    } finally {
      hadoop.destroy();
    }
  }
}
