package io.lockstep.spark;

import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Fit;
import io.lockstep.data.file.Locations;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.table.Tables;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.ingest.Site;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag;

/**
 * The executors of a Spark cluster as a site: splits are read side by side and kept as they are, in
 * memory or on disk; one shuffle sends each example to the partition that is its block.
 */
final class SparkSite implements Site<SparkPieces> {
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);

  private final JavaSparkContext spark;
  private final Configuration settings;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final IngestionWatch watch;

  /**
   * A site whose files are opened with {@code settings}; the context stays the caller's.
   *
   * @param watch told how reading and dealing come along
   */
  SparkSite(JavaSparkContext spark, Configuration settings, IngestionWatch watch) {
    this.spark = spark;
    this.settings = settings;
    this.watch = watch;
    this.hadoop = spark.broadcast(new SerializableConfiguration(Locations.travelling(settings)));
  }

  @Override
  public Configuration hadoop() {
    return settings;
  }

  @Override
  public Tables tables() {
    return new SparkTables();
  }

  @Override
  public Raw<SparkPieces> read(ExampleSource source, SourceLayout layout) {
    JavaRDD<SerializableWritable<Crate>> crates =
        crates(source, layout)
            .setName("lockstep splits of " + source.name())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<SplitReport> reports =
          Jobs.watched(
                  spark,
                  "reading " + source.name(),
                  () ->
                      crates
                          .mapPartitions(split -> List.of(Crates.report(split)).iterator())
                          .collectAsync(),
                  watch)
              .stream()
              .map(SplitReport::decode)
              .toList();
      return new SparkRaw(crates, layout.splits(), reports, spark, watch);
    } catch (RuntimeException | Error e) {
      crates.unpersist(false);
      throw e;
    }
  }

  private JavaRDD<SerializableWritable<Crate>> crates(ExampleSource source, SourceLayout layout) {
    if (source instanceof RddSource<?> given) {
      return given.crates(layout);
    }
    int splits = layout.splits().size();
    return spark
        .parallelize(IntStream.range(0, splits).boxed().toList(), splits)
        .flatMap(new SplitTask(source, layout, hadoop));
  }

  @Override
  public void release(SparkPieces pieces) {
    pieces.release();
  }

  /** Lets the executors forget the settings; pieces cannot be made again after that. */
  void close() {
    hadoop.destroy();
  }

  private record SparkRaw(
      JavaRDD<SerializableWritable<Crate>> crates,
      List<SourceSplit> splits,
      List<SplitReport> reports,
      JavaSparkContext spark,
      IngestionWatch watch)
      implements Raw<SparkPieces> {
    /** What each split held, for tasks to compare with. */
    private FoundSplit[] found() {
      return IntStream.range(0, splits.size())
          .mapToObj(split -> FoundSplit.of(splits.get(split), reports.get(split)))
          .toArray(FoundSplit[]::new);
    }

    @Override
    public <R> R fit(Exchange exchange, Fit<R> fit) {
      FoundSplit[] found = found();
      JavaPairRDD<Integer, byte[]> parts =
          crates
              .mapPartitionsWithIndex(
                  (split, it) -> Crates.collect(exchange, fit, split, it, found[split]), true)
              .mapToPair(each -> each);
      var shuffled = shuffled(parts, fit.buckets());
      try {
        return fit.finish(
            Jobs.watched(
                spark,
                "learning how to prepare the data",
                () ->
                    shuffled
                        .toJavaRDD()
                        .mapPartitions(it -> List.of(Crates.merge(fit, it)).iterator(), true)
                        .collectAsync(),
                watch));
      } finally {
        Shuffles.remove(spark.sc(), shuffled);
      }
    }

    private static ShuffledRDD<Integer, byte[], byte[]> shuffled(
        JavaPairRDD<Integer, byte[]> records, int partitions) {
      return new ShuffledRDD<>(
          records.rdd(),
          new HashPartitioner(partitions),
          ClassTag.apply(Integer.class),
          BYTES,
          BYTES);
    }

    @Override
    public SparkPieces exchange(Exchange exchange) {
      FoundSplit[] found = found();
      JavaPairRDD<Integer, byte[]> routed =
          crates
              .mapPartitionsWithIndex(
                  (split, it) -> Crates.encoded(Crates.route(exchange, split, it, found[split])),
                  true)
              .mapToPair(each -> each);
      var shuffled = shuffled(routed, exchange.destinations());
      var placement = new Placement(spark.sc(), exchange.deal().pieces());
      JavaRDD<SerializableWritable<Crate>> blocks =
          new BlockRdd(shuffled, exchange, placement)
              .toJavaRDD()
              .setName("lockstep blocks")
              .persist(StorageLevel.MEMORY_AND_DISK());
      var kept = new KeptBlocks(blocks.rdd(), SourceAgain.of(spark, crates.rdd(), exchange, found));
      var pieces = new SparkPieces(exchange, kept, shuffled, placement);
      try {
        Jobs.watched(spark, "dealing the examples to replicas", blocks::countAsync, watch);
        return pieces;
      } catch (RuntimeException | Error e) {
        pieces.release();
        throw e;
      }
    }

    @Override
    public void close() {
      crates.unpersist(false);
    }
  }
}
