package io.lockstep.spark;

import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.train.LoadedData;
import io.lockstep.train.Place;
import io.lockstep.train.RunSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Option;

/** A Spark cluster. */
public final class SparkPlace implements Place {
  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private final boolean owning;
  private int exitCode;

  private SparkPlace(JavaSparkContext spark, Configuration hadoop, boolean owning) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.owning = owning;
  }

  /**
   * A cluster that stays the caller's.
   *
   * @param hadoop settings that files are opened with
   */
  public static SparkPlace of(JavaSparkContext spark, Configuration hadoop) {
    return new SparkPlace(spark, hadoop, false);
  }

  /** A cluster whose context is closed with this. */
  static SparkPlace owning(JavaSparkContext spark, Configuration hadoop) {
    return new SparkPlace(spark, hadoop, true);
  }

  @FunctionalInterface
  private interface Loading {
    Ingestion.Kept<SparkPieces> load(Ingestion<SparkPieces> ingestion) throws IOException;
  }

  @Override
  public LoadedData load(DataRequest request, IngestionWatch watch) throws IOException {
    return load(ingestion -> ingestion.run(request), watch);
  }

  @Override
  public LoadedData load(
      ExampleSource source, Preparation preparation, LongToIntFunction pieces, int lanes)
      throws IOException {
    return load(
        ingestion -> ingestion.evaluated(source, preparation, pieces, lanes), IngestionWatch.NONE);
  }

  private LoadedData load(Loading loading, IngestionWatch watch) throws IOException {
    var site = new SparkSite(spark, hadoop, watch);
    try {
      return new SparkData(spark, site, loading.load(new Ingestion<>(site)));
    } catch (IOException | RuntimeException | Error e) {
      site.close();
      throw e;
    }
  }

  @Override
  public List<String> fit(RunSize run) {
    return Memory.of(spark).fit(run);
  }

  @Override
  public Optional<String> address() {
    if (!owning || spark.isLocal()) {
      return Optional.empty();
    }
    Option<String> page = spark.sc().uiWebUrl();
    return Optional.of(
        "Spark application %s at %s%s"
            .formatted(
                spark.sc().applicationId(),
                spark.master(),
                page.isEmpty() ? "" : ", page " + page.get()));
  }

  @Override
  public void failed() {
    exitCode = 1;
  }

  /** With the exit code; YARN and Kubernetes show it, a standalone master does not ask. */
  @Override
  public void close() {
    if (owning) {
      spark.sc().stop(exitCode);
    }
  }
}
