package io.lockstep.train.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Standardization;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.StateCodec;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Engine;
import io.lockstep.train.Merge;
import io.lockstep.train.Normalizers;
import io.lockstep.train.Part;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundResult;
import io.lockstep.train.Workload;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Each round one ordinary Spark job with one task per replica.
 *
 * <p>Partition k of the cached shards is the shard of replica k, so Spark runs its task where the
 * shard lies; a lost shard is read again from its source, a lost task is run again, and both give
 * the same bits, since a task is a pure function of what it is given. The global state goes out as
 * one broadcast, which is destroyed at the round's end. Contributions come back to the driver,
 * which merges them in replica order; when they are large they are cut into slices that are merged
 * by the partitions of a shuffle (also in replica order), so that no more than one copy of the
 * model passes through the driver: the reduce-scatter of Rabenseifner, "Optimization of collective
 * reduction operations", ICCS 2004, with Spark's shuffle as its network.
 */
public final class SparkRoundsEngine implements Engine {
  /** Bytes of one contribution above which contributions are merged in slices. */
  public static final long LARGE_BYTES = 32L << 20;

  private final JavaSparkContext spark;
  private final Workload workload;
  private final long largeBytes;
  private final Broadcast<byte[]> hadoop;
  private final Map<Part, JavaRDD<ExampleBlock>> parts = new EnumMap<>(Part.class);
  private final Normalizer normalizer;

  /** Caches the shards in the executors; the context stays the caller's. */
  public SparkRoundsEngine(JavaSparkContext spark, Workload workload) {
    this(spark, workload, LARGE_BYTES);
  }

  /** As above, merging contributions of {@code largeBytes} and more in slices. */
  public SparkRoundsEngine(JavaSparkContext spark, Workload workload, long largeBytes) {
    this.spark = spark;
    this.workload = workload;
    this.largeBytes = largeBytes;
    this.hadoop = spark.broadcast(HadoopSettings.encode(spark.hadoopConfiguration()));
    this.normalizer = Normalizers.of(workload.normalization(), this::fit);
  }

  @Override
  public Normalizer normalizer() {
    return normalizer;
  }

  @Override
  public RoundResult round(TrainingState state, RoundRequest request) {
    byte[] encoded = StateCodec.encode(state);
    Broadcast<byte[]> start = spark.broadcast(encoded);
    try {
      RoundTask task = new RoundTask(workload, normalizer, start, request);
      JavaRDD<byte[]> outcomes =
          part(Part.TRAINING)
              .mapPartitionsWithIndex((k, it) -> List.of(task.run(k, it.next())).iterator(), true);
      return encoded.length < largeBytes ? mergeOnDriver(outcomes) : mergeInSlices(outcomes);
    } finally {
      start.destroy();
    }
  }

  private static RoundResult mergeOnDriver(JavaRDD<byte[]> outcomes) {
    Merge merge = new Merge();
    for (byte[] outcome : outcomes.collect()) {
      merge.add(StateCodec.decodeContribution(Outcome.content(outcome)));
    }
    return merge.result();
  }

  private RoundResult mergeInSlices(JavaRDD<byte[]> outcomes) {
    Slices slices = new Slices(workload.replicas());
    JavaPairRDD<Integer, byte[]> merged =
        outcomes
            .flatMapToPair(outcome -> numbered(slices.cut(outcome)))
            .groupByKey(new HashPartitioner(slices.count()))
            .mapValues(Slices::merged);
    return Slices.join(
        merged.collect().stream()
            .sorted(Comparator.comparing(Tuple2::_1))
            .map(Tuple2::_2)
            .toList());
  }

  private static Iterator<Tuple2<Integer, byte[]>> numbered(List<byte[]> slices) {
    return IntStream.range(0, slices.size())
        .mapToObj(i -> new Tuple2<>(i, slices.get(i)))
        .iterator();
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    Broadcast<byte[]> network = spark.broadcast(StateCodec.encode(state));
    try {
      EvaluationTask task = new EvaluationTask(workload, normalizer, network);
      var measured = new EvaluationAccumulator(workload.evaluation());
      part(part).map(task::run).collect().stream()
          .map(EvaluationAccumulator::decode)
          .forEach(measured::merge);
      return measured;
    } finally {
      network.destroy();
    }
  }

  private JavaRDD<ExampleBlock> part(Part part) {
    return parts.computeIfAbsent(part, this::open);
  }

  private JavaRDD<ExampleBlock> open(Part part) {
    PieceReader reader = new PieceReader(workload.examples(), part, hadoop);
    List<Integer> pieces = IntStream.range(0, workload.replicas()).boxed().toList();
    return spark
        .parallelize(pieces, workload.replicas())
        .map(reader::read)
        .setName("lockstep " + part)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private Standardization.Fit fit() {
    return FitTask.merge(part(Part.TRAINING).map(FitTask::run).collect());
  }

  @Override
  public void close() {
    parts.values().forEach(rdd -> rdd.unpersist(false));
    hadoop.destroy();
    Workbenches.close(workload.key());
  }
}
