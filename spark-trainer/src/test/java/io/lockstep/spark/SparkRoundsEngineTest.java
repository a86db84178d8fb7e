package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.data.ExampleBlock;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Digits;
import io.lockstep.train.Engine;
import io.lockstep.train.Examples;
import io.lockstep.train.InProcessEngine;
import io.lockstep.train.LostWorkException;
import io.lockstep.train.Nets;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.Part;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import io.lockstep.train.RoundsEngine;
import io.lockstep.train.Runs;
import io.lockstep.train.Workload;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Spark rounds give the bits of the in-process engine, on any number of cores. */
class SparkRoundsEngineTest {
  @TempDir private Path folder;

  private static final int EPOCHS = 2;
  private static final OuterOptimizer NESTEROV = new OuterOptimizer(0.7, 0.6);

  /** 157 examples on 3 replicas: shards, minibatches and rounds that do not divide. */
  private static Workload workload(Nets net, Mode mode) {
    int localSteps = mode == Mode.GRADIENT ? 1 : 3;
    return Runs.with(
        NESTEROV,
        new Digits(157, 30, 3).workload(mode, 8, localSteps, net.factory(new Adam(0.01))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[2]", "local[4]"})
  void equalsInProcessBitForBit(String master) {
    try (var spark = new JavaSparkContext(SparkSettings.local(master, "equality"))) {
      for (Mode mode : Mode.values()) {
        for (Nets net : List.of(Nets.CNN, Nets.DROPOUT)) {
          Workload workload = workload(net, mode);
          assertThat(
                  rounds(spark, workload, SparkRoundsEngine.LARGE_BYTES).sameBits(oracle(workload)))
              .as("%s %s on %s", mode, net, master)
              .isTrue();
        }
      }
    }
  }

  @Test
  void mergedInSlicesOrFittedOnExecutorsTheBitsAreTheSame() {
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "slices"))) {
      for (Mode mode : Mode.values()) {
        Workload workload = Runs.standardized(workload(Nets.BATCH_NORMALIZATION, mode));
        TrainingState expected = oracle(workload);
        // All slices of a task within 1 MiB, which is three; within 1000 bytes, which is hundreds.
        for (long mergedBytes : new long[] {1 << 20, 1000}) {
          assertThat(rounds(spark, workload, 0, mergedBytes).sameBits(expected)).isTrue();
        }
      }
    }
  }

  @Test
  void aShuffleLeavesNoFiles() throws IOException {
    Workload workload = workload(Nets.MLP, Mode.AVERAGING);
    SparkConf conf =
        SparkSettings.local("local[2]", "files").set("spark.local.dir", folder.toString());
    try (var spark = new JavaSparkContext(conf)) {
      rounds(spark, workload, 0);
      // They are removed in the background; only garbage collection would do it otherwise.
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!filesOfShuffles().isEmpty() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(filesOfShuffles()).isEmpty();
    }
  }

  private List<Path> filesOfShuffles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("shuffle_")).toList();
    }
  }

  @Test
  void ifTheOnlyReplicaWithWorkDivergesTheOthersSaySoToo() {
    var infinite = Nets.MLP.factory(new Sgd(1e30));
    // 17 examples on 2 replicas with minibatches of 8: the second minibatch is replica 0's alone.
    Workload workload = new Digits(17, 0, 2).workload(Mode.AVERAGING, 8, 1, infinite);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "alone"))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        assertThatThrownBy(() -> rounds(spark, workload, largeBytes))
            .isInstanceOf(NonFiniteException.class)
            .hasMessageContaining("in epoch 1, round 2, replica 0");
      }
    }
  }

  @Test
  void anErrorThatComesAgainIsOneSentenceWithTheCauseFirst() {
    Workload workload = new Digits(16, 0, 2).workload(Mode.AVERAGING, 8, 1, new FailingInTasks());
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "failure"));
        var engine = new SparkRoundsEngine(spark, workload)) {
      RoundStart start = RoundStart.of(new TrainingState(new float[3], new float[0], 0, 0));
      assertThatThrownBy(() -> engine.round(start, new RoundRequest(2, 0)))
          .isInstanceOf(LostWorkException.class)
          .hasMessageMatching(
              "java.lang.IllegalStateException: no luck \\(replica [01] on executor driver at "
                  + ".*, tried 1 times\\), while training round 1 of epoch 3");
    }
  }

  @Test
  void whenTheOpeningFailsHalfWayNothingStaysBehind() {
    Workload workload = workload(Nets.MLP, Mode.AVERAGING);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "opening"))) {
      assertThatThrownBy(
              () -> new SparkRoundsEngine(spark, Runs.standardized(unreadable(workload))))
          .isInstanceOf(LostWorkException.class)
          .hasMessageStartingWith("java.io.IOException: the disk is gone")
          .hasMessageEndingWith("while fitting the normaliser");
      assertThat(spark.getPersistentRDDs()).isEmpty();
    }
  }

  private static Workload unreadable(Workload readable) {
    return new Workload(
        readable.steps(),
        readable.outer(),
        readable.networks(),
        new Unreadable(),
        readable.normalization(),
        readable.evaluation(),
        readable.evaluationBatch());
  }

  private record Unreadable() implements Examples {
    private static final long serialVersionUID = 1L;

    @Override
    public int count(Part part) {
      return 16;
    }

    @Override
    public ExampleBlock read(Configuration hadoop, Part part, int k) throws IOException {
      throw new IOException("the disk is gone");
    }
  }

  private record FailingInTasks() implements ReplicaFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public Replica create() {
      throw new IllegalStateException("no luck");
    }
  }

  @Test
  void whatAJvmKeepsOfARunIsClosedAtItsEnd() {
    var counting = new Counting(Nets.MLP.factory(new Sgd(0.1)));
    Workload workload = new Digits(64, 0, 2).workload(Mode.AVERAGING, 8, 1, counting);
    Counting.OPEN.set(0);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "networks"))) {
      rounds(spark, workload, SparkRoundsEngine.LARGE_BYTES);
      assertThat(Counting.OPEN).hasValue(0);
    }
  }

  /** Counts the networks that are open in this JVM. */
  private record Counting(ReplicaFactory networks) implements ReplicaFactory {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger OPEN = new AtomicInteger();

    @Override
    public Replica create() {
      Replica network = networks.create();
      OPEN.incrementAndGet();
      return (Replica)
          Proxy.newProxyInstance(
              Replica.class.getClassLoader(),
              new Class<?>[] {Replica.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                  OPEN.decrementAndGet();
                }
                return method.invoke(network, arguments);
              });
    }
  }

  /** A context as a user might have it, whose Kryo knows none of our types. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.spark.serializer.KryoSerializer",
        "org.apache.spark.serializer.JavaSerializer"
      })
  void anySerializerWillDo(String serializer) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("serializers")
            .set("spark.ui.enabled", "false")
            .set("spark.serializer", serializer)
            .set("spark.kryo.registrationRequired", "true");
    Workload workload = Runs.standardized(workload(Nets.MLP, Mode.AVERAGING));
    try (var spark = new JavaSparkContext(conf);
        Engine engine = new SparkRoundsEngine(spark, workload)) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        TrainingState state = rounds(spark, workload, largeBytes);
        assertThat(state.sameBits(oracle(workload))).isTrue();
        assertThat(engine.evaluate(state, Part.VALIDATION).examples()).isEqualTo(30);
      }
    }
  }

  @Test
  void evaluationEqualsInProcess() {
    Workload workload = workload(Nets.CNN, Mode.AVERAGING);
    TrainingState state = oracle(workload);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "evaluation"));
        Engine onSpark = new SparkRoundsEngine(spark, workload);
        Engine inProcess = new InProcessEngine(workload, new Configuration(false))) {
      EvaluationAccumulator measured = onSpark.evaluate(state, Part.VALIDATION);
      assertThat(measured.encode()).isEqualTo(inProcess.evaluate(state, Part.VALIDATION).encode());
      assertThat(measured.examples()).isEqualTo(30);
      assertThat(measured.result().metric("accuracy")).isGreaterThan(0.8);
    }
  }

  @Test
  void leavesNothingBehind() {
    Workload workload = workload(Nets.MLP, Mode.AVERAGING);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "cleanliness"))) {
      rounds(spark, workload, SparkRoundsEngine.LARGE_BYTES);
      assertThat(spark.getPersistentRDDs()).isEmpty();
      assertThat(ByReference.open()).isZero();
    }
  }

  @Test
  void aLossThatIsNotFiniteEndsTheRoundAtOnceAndSaysWhere() {
    var infinite = Nets.MLP.factory(new Sgd(1e30));
    Workload workload = new Digits(64, 0, 2).workload(Mode.AVERAGING, 8, 4, infinite);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "divergence"))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        assertThatThrownBy(() -> rounds(spark, workload, largeBytes))
            .isInstanceOf(NonFiniteException.class)
            .hasMessageMatching(
                "(?s)the loss became .* in epoch 1, round 1, replica 0, minibatch [234];.*");
      }
    }
  }

  @Test
  void aShardThatIsLostIsReadAgain() {
    Workload workload = workload(Nets.MLP, Mode.AVERAGING);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "loss"));
        RoundsEngine engine = new SparkRoundsEngine(spark, workload);
        RoundsEngine oracle = new InProcessEngine(workload, new Configuration(false));
        var network = workload.networks().create()) {
      RoundStart start = RoundStart.of(network.state());
      engine.round(start, new RoundRequest(0, 0));
      spark.getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
      var request = new RoundRequest(0, 1);
      assertThat(engine.round(start, request))
          .usingRecursiveComparison()
          .isEqualTo(oracle.round(start, request));
    }
  }

  private static TrainingState oracle(Workload workload) {
    return Runs.run(workload, EPOCHS, w -> new InProcessEngine(w, new Configuration(false)));
  }

  private static TrainingState rounds(JavaSparkContext spark, Workload workload, long largeBytes) {
    return rounds(spark, workload, largeBytes, 1 << 20);
  }

  private static TrainingState rounds(
      JavaSparkContext spark, Workload workload, long largeBytes, long mergedBytes) {
    return Runs.run(
        workload, EPOCHS, w -> new SparkRoundsEngine(spark, w, largeBytes, mergedBytes));
  }
}
