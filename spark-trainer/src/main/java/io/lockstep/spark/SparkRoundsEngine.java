package io.lockstep.spark;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.Shard;
import io.lockstep.ps.StateCodec;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.LostWorkException;
import io.lockstep.train.RoundPace;
import io.lockstep.train.RoundPart;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundResult;
import io.lockstep.train.RoundStart;
import io.lockstep.train.RoundsEngine;
import io.lockstep.train.Workbench;
import io.lockstep.train.Workload;
import java.util.Optional;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/**
 * Rounds in ordinary Spark jobs with one task per replica, which stay for many rounds ({@link
 * Stays}).
 *
 * <p>Partition k is the shard of replica k, over blocks that Spark keeps ({@link ShardRdd}), so
 * Spark runs its task where the blocks lie; a lost block is made again, a lost task is run again,
 * and both give the same bits, since a round is a pure function of what it is given. The global
 * state goes out once to each JVM, and is let go at the round's end ({@link Passages} says how).
 * Contributions come back to the driver, which merges them in replica order. When they are large
 * each round is a job of its own: they are cut into slices that are merged by the partitions of a
 * shuffle (also in replica order), so that no more than one copy of the model passes through the
 * driver: the reduce-scatter of Rabenseifner, "Optimization of collective reduction operations",
 * ICCS 2004, with Spark's shuffle as its network, whose files are removed at the round's end.
 */
public final class SparkRoundsEngine implements RoundsEngine {
  /** Bytes of one contribution above which contributions are merged in slices. */
  public static final long LARGE_BYTES = 32L << 20;

  /** Bytes of all replicas' slices that one task merges, at most. */
  static final long MERGED_BYTES = 128L << 20;

  /** Times that a round is done before it is given up, as often as Spark runs a task. */
  private static final int MOST_ATTEMPTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(SparkRoundsEngine.class);
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);

  private final JavaSparkContext spark;
  private final Workload workload;
  private final Passages passages;
  private final long mergedBytes;
  private final Ingestion.Kept<SparkPieces> data;
  private final SharedRun<Workbench> run;
  private final Stays stays;
  private final RoundTimes times;

  /** An engine over {@code data}; the data and the context stay the caller's. */
  SparkRoundsEngine(JavaSparkContext spark, Workload workload, Ingestion.Kept<SparkPieces> data) {
    this(spark, workload, data, LARGE_BYTES, MERGED_BYTES);
  }

  /**
   * As above, with limits of its own.
   *
   * @param largeBytes bytes of a contribution from which on it is merged in slices
   * @param mergedBytes bytes of all replicas' slices that one task merges, at most
   */
  SparkRoundsEngine(
      JavaSparkContext spark,
      Workload workload,
      Ingestion.Kept<SparkPieces> data,
      long largeBytes,
      long mergedBytes) {
    this.spark = spark;
    this.workload = workload;
    this.data = data;
    this.passages = new Passages(spark, largeBytes);
    this.mergedBytes = mergedBytes;
    this.run = SharedRun.send(spark, workload);
    SparkPieces pieces = data.pieces(Part.TRAINING);
    this.stays =
        new Stays(
            spark.sc(),
            run,
            workload.replicas(),
            () -> pieces.shards(Part.TRAINING),
            () -> pieces.slots() >= workload.replicas());
    this.times = new RoundTimes(spark.sc());
  }

  @Override
  public Workload workload() {
    return workload;
  }

  @Override
  public RoundResult round(RoundStart start, RoundRequest request) {
    RoundPart sending = RoundPart.begin("send");
    try (Passage passage = passages.open(start, workload.replicas())) {
      sending.commit();
      // A contribution has the vectors that went out; in gradient mode the gradient alone.
      return passages.isMergedByTasks(start, workload.replicas())
          ? times.ofJob(() -> mergeInSlices(passage, request, start.state()))
          : staying(passage, request);
    }
  }

  /** The round of replicas that stay; done again if what one brought is gone with its executor. */
  private RoundResult staying(Passage passage, RoundRequest request) {
    for (int attempt = 1; ; attempt++) {
      long start = System.nanoTime();
      DoneRound[] done = stays.round(passage, request, name(request));
      try {
        RoundResult merged = passage.merged(done);
        times.add((System.nanoTime() - start) / 1e9, done);
        return merged;
      } catch (LostPieceException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw new LostWorkException(e.getMessage() + ", while " + name(request), e);
        }
        LOG.warn("{}; all replicas do {} again", e.getMessage(), name(request));
        Jobs.run(name(request), stays::end);
      }
    }
  }

  private RoundResult mergeInSlices(Passage passage, RoundRequest request, TrainingState state) {
    RoundTask task = new RoundTask(run, passage, request);
    Slices slices = Slices.of(workload.replicas(), StateCodec.bytes(state), mergedBytes);
    JavaPairRDD<Integer, byte[]> cut =
        shards(Part.TRAINING)
            .toJavaRDD()
            .mapPartitionsWithIndex(
                (k, it) -> slices.cut(task.contribute(k, Partitions.only(it))), true)
            .mapToPair(slice -> slice);
    ClassTag<Integer> integers = ClassTag.apply(Integer.class);
    RDD<Tuple2<Integer, byte[]>> shuffled =
        new ShuffledRDD<Integer, byte[], byte[]>(
            cut.rdd(), new HashPartitioner(slices.count()), integers, BYTES, BYTES);
    Slices.Joining joining = slices.new Joining(state.parameters().length, state.updater().length);
    try {
      Jobs.run(
          name(request),
          () -> {
            spark
                .sc()
                .runJob(
                    shuffled,
                    new MergeTask(),
                    Partitions.numbers(0, slices.count()),
                    (number, reply) -> {
                      joining.add((int) number, Reply.decode(reply));
                      return BoxedUnit.UNIT;
                    },
                    BYTES);
            return joining;
          });
    } finally {
      Shuffles.remove(spark.sc(), shuffled);
    }
    return joining.result();
  }

  private static String name(RoundRequest request) {
    return "training round %d of epoch %d".formatted(request.round() + 1, request.epoch() + 1);
  }

  private RDD<Shard> shards(Part part) {
    return data.pieces(part).shards(part);
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    Jobs.run("waiting for replicas to leave their tasks", stays::end);
    try (Passage passage = passages.open(RoundStart.of(state), workload.replicas())) {
      return new EvaluationTask(run, passage).measure(shards(part), workload.evaluation().spec());
    }
  }

  @Override
  public Optional<RoundPace> pace() {
    return times.pace();
  }

  @Override
  public void close() {
    stays.close();
    times.close();
    passages.close();
    run.close();
  }
}
