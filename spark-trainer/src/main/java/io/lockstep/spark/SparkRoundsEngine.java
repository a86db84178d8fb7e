package io.lockstep.spark;

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
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * Each round one ordinary Spark job with one task per replica.
 *
 * <p>Partition k of the cached shards is the shard of replica k, so Spark runs its task where the
 * shard lies; a lost shard is read again from its source, a lost task is run again, and both give
 * the same bits, since a task is a pure function of what it is given. The global state goes out as
 * one broadcast, which is destroyed at the round's end; within one JVM by reference ({@link
 * Passage}). Contributions come back to the driver, which merges them in replica order; when they
 * are large they are cut into slices that are merged by the partitions of a shuffle (also in
 * replica order), so that no more than one copy of the model passes through the driver: the
 * reduce-scatter of Rabenseifner, "Optimization of collective reduction operations", ICCS 2004,
 * with Spark's shuffle as its network.
 */
public final class SparkRoundsEngine implements Engine {
  /** Bytes of one contribution above which contributions are merged in slices. */
  public static final long LARGE_BYTES = 32L << 20;

  private final JavaSparkContext spark;
  private final Workload workload;
  private final long largeBytes;
  private final SparkExamples examples;
  private final Seq<Object> replicas;
  private final Normalizer normalizer;
  private final SharedRun run;

  /** Caches the shards in the executors; the context stays the caller's. */
  public SparkRoundsEngine(JavaSparkContext spark, Workload workload) {
    this(spark, workload, LARGE_BYTES);
  }

  /** As above, merging contributions of {@code largeBytes} and more in slices. */
  public SparkRoundsEngine(JavaSparkContext spark, Workload workload, long largeBytes) {
    this.spark = spark;
    this.workload = workload;
    this.largeBytes = largeBytes;
    this.examples = new SparkExamples(spark, workload.examples(), workload.replicas());
    this.normalizer = Normalizers.of(workload.normalization(), this::fit);
    this.replicas = numbers(workload.replicas());
    this.run = SharedRun.send(spark, workload, normalizer);
  }

  private static Seq<Object> numbers(int count) {
    List<Object> numbers = IntStream.range(0, count).<Object>mapToObj(Integer::valueOf).toList();
    return CollectionConverters.asScala(numbers).toSeq();
  }

  @Override
  public Normalizer normalizer() {
    return normalizer;
  }

  @Override
  public RoundResult round(TrainingState state, RoundRequest request) {
    boolean large = StateCodec.bytes(state) >= largeBytes;
    try (Passage passage = large ? ByBroadcast.open(spark, state) : passage(state)) {
      RoundTask task = new RoundTask(run, passage, request);
      return large ? mergeInSlices(task) : mergeOnDriver(task);
    }
  }

  private Passage passage(TrainingState state) {
    return Passage.open(spark, state, workload.replicas());
  }

  private RoundResult mergeOnDriver(RoundTask task) {
    Outcome[] outcomes = new Outcome[workload.replicas()];
    spark
        .sc()
        .runJob(
            examples.cached(Part.TRAINING).rdd(),
            task,
            replicas,
            (k, outcome) -> {
              outcomes[(int) k] = task.passage().receive((int) k, outcome);
              return BoxedUnit.UNIT;
            },
            ClassTag.apply(Outcome.class));
    Merge merge = new Merge();
    for (Outcome outcome : outcomes) {
      merge.add(outcome.contribution());
    }
    return merge.result();
  }

  private RoundResult mergeInSlices(RoundTask task) {
    Slices slices = new Slices(workload.replicas());
    JavaPairRDD<Integer, Outcome> merged =
        examples
            .cached(Part.TRAINING)
            .mapPartitionsWithIndex(
                (k, it) -> List.of(task.contribute(k, Partitions.only(it))).iterator(), true)
            .flatMapToPair(outcome -> numbered(slices.cut(outcome)))
            .groupByKey(new HashPartitioner(slices.count()))
            .mapValues(Slices::merged);
    return Slices.join(
        merged.collect().stream()
            .sorted(Comparator.comparing(Tuple2::_1))
            .map(Tuple2::_2)
            .toList());
  }

  private static Iterator<Tuple2<Integer, Outcome>> numbered(List<Outcome> slices) {
    return IntStream.range(0, slices.size())
        .mapToObj(i -> new Tuple2<>(i, slices.get(i)))
        .iterator();
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    try (Passage passage = passage(state)) {
      return new EvaluationTask(run, passage).measure(examples.cached(part), workload);
    }
  }

  private Standardization.Fit fit() {
    return FitTask.merge(examples.cached(Part.TRAINING).map(FitTask::run).collect());
  }

  @Override
  public void close() {
    examples.close();
    run.close();
  }
}
