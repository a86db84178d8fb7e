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
import io.lockstep.score.Scorer;
import io.lockstep.train.LostWorkException;
import java.io.Closeable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Scores examples on Spark, split by split: each task reads a split, scores it and writes its rows,
 * block after block. The rows of a split, and their order, are a pure function of the split; so
 * whichever attempt Spark commits, each example is there once.
 */
public final class SparkScoring implements Closeable {
  private static final String CSV = "csv";

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

  /**
   * The scores as a data set, computed when it is asked for, as long as this is not closed; what is
   * wrong with the data is found before.
   *
   * @throws InputException if the data must be mended
   */
  public Dataset<Row> rows() {
    while (splits().settled(IngestionWatch.NONE) instanceof ReadAgain again) {
      scoring = scoring.with(again.layout());
    }
    var reports = new ReportsBySplit();
    spark.sc().register(reports);
    return files(reports).data();
  }

  private ScoredSplits splits() {
    return new ScoredSplits(spark, scoring, hadoop);
  }

  private ScoreFiles files(ReportsBySplit reports) {
    return new ScoreFiles(splits().rows(run, reports), ScoreSchema.of(scoring));
  }

  /** Names of the columns of the scores. */
  public List<String> columns() {
    return Arrays.asList(ScoreSchema.of(scoring).fieldNames());
  }

  /**
   * Scores and writes.
   *
   * @param format of the files, as Spark calls it
   * @param folder without files
   * @param watch told how it comes along
   * @throws InputException if the data must be mended; what was written is then of no use
   * @throws LostWorkException if Spark gave it up
   */
  public Written write(String format, String folder, IngestionWatch watch) {
    while (true) {
      var reports = new ReportsBySplit();
      spark.sc().register(reports, "lockstep reports of splits");
      String group = "lockstep scoring " + UUID.randomUUID();
      try (var written = new WriteWatch(spark, group)) {
        try {
          Jobs.run(
              "scoring",
              () -> {
                watched(() -> write(format, folder, reports, group), written, watch);
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
        return reconciled(reports.value(), written.records(), asLines(format));
      }
    }
  }

  private boolean write(String format, String folder, ReportsBySplit reports, String group) {
    spark.setJobGroup(group, "lockstep: scoring " + scoring.source().name(), true);
    try {
      if (asLines(format)) {
        files(reports).writeLines(folder);
      } else {
        files(reports).write(format, folder);
      }
      return true;
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Values of a data set of Spark have types that only Spark can write. */
  private boolean asLines(String format) {
    return format.equals(CSV) && !(scoring.source() instanceof RddSource<?>);
  }

  /** Works in a thread of its own, so that this one can tell how it comes along. */
  private void watched(Callable<Boolean> work, WriteWatch written, IngestionWatch watch)
      throws Exception {
    var task = new FutureTask<>(work);
    var thread = new Thread(task, "lockstep-scoring");
    thread.setDaemon(true);
    thread.start();
    int splits = scoring.layout().splits().size();
    Jobs.awaited("scoring", task, () -> (double) written.tasks() / splits, watch);
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
    Settlement settlement = splits().settled(watch);
    if (settlement instanceof ReadAgain again) {
      return again.layout();
    }
    throw failure;
  }

  /**
   * Counts what was read and what was written, which must be the same.
   *
   * @param written records, by the number of the split
   * @param asLines whether these are lines, as many as travel {@linkplain LinesTogether together}
   */
  private Written reconciled(
      Map<Integer, byte[]> reports, Map<Integer, Long> written, boolean asLines) {
    SourceLayout layout = scoring.layout();
    List<SplitReport> all = reports.values().stream().map(SplitReport::decode).toList();
    long examples = all.stream().mapToLong(SplitReport::examples).sum();
    long records = written.values().stream().mapToLong(Long::longValue).sum();
    long expected =
        asLines ? all.stream().mapToLong(it -> LinesTogether.count(it.examples())).sum() : examples;
    if (all.size() != layout.splits().size() || records != expected) {
      throw new LostWorkException(
          "%,d records were written, but %,d examples (%,d records) were read in %d of %d splits: do not use the output"
              .formatted(records, examples, expected, all.size(), layout.splits().size()),
          null);
    }
    scoring.source().settle(layout, all); // what only all splits together show
    read = all;
    return new Written(examples, all.size(), SkippedRecords.of(layout, all));
  }

  /**
   * Writes the records that were left out, once {@link #write} is done, as CSV: where each is, what
   * is wrong with it, and the record itself.
   *
   * @param folder without files
   */
  public void setAside(String folder) {
    Jobs.run(
        "setting records aside",
        () -> {
          new ScoreFiles(splits().skipped(read), SkippedTask.SCHEMA).writeLines(folder);
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
