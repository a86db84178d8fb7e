package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.Labels;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.DataRequest;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Digits;
import io.lockstep.train.Engine;
import io.lockstep.train.LoadedData;
import io.lockstep.train.LostWorkException;
import io.lockstep.train.MadeUp;
import io.lockstep.train.Nets;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundPace;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import io.lockstep.train.RoundsEngine;
import io.lockstep.train.SequenceNet;
import io.lockstep.train.SequencePlan;
import io.lockstep.train.StatefulTest;
import io.lockstep.train.Trial;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Spark rounds give the bits of the in-process engine, on any number of cores. */
class SparkRoundsEngineTest {
  private static final int EPOCHS = 2;
  private static final OuterOptimizer NESTEROV = new OuterOptimizer(0.7, 0.6);
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir private Path folder;

  /** 157 examples on 3 replicas: shards, minibatches and rounds that do not divide. */
  private static Trial trial(Nets net, Mode mode) {
    return new Digits(157, 30, 3)
        .trial(mode, 8, localSteps(mode), net.factory(new Adam(0.01)))
        .with(outer(mode));
  }

  private static Trial sequences(Mode mode) {
    return new Trial(
            new MadeUp(MadeUp.Kind.SEQUENCES, 187).request(30, 3),
            mode,
            8,
            localSteps(mode),
            SequenceNet.factory(new Adam(0.01)))
        .with(outer(mode));
  }

  private static int localSteps(Mode mode) {
    return mode == Mode.GRADIENT ? 1 : 3;
  }

  private static OuterOptimizer outer(Mode mode) {
    return mode == Mode.GRADIENT ? OuterOptimizer.PLAIN : NESTEROV;
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[2]", "local[4]"})
  void equalsInProcessBitForBit(String master) {
    try (var spark = new JavaSparkContext(SparkSettings.local(master, "equality"))) {
      for (Mode mode : Mode.values()) {
        for (Trial trial :
            List.of(
                trial(Nets.CNN, mode),
                trial(Nets.DROPOUT, mode),
                sequences(mode),
                StatefulTest.trial(mode))) {
          assertThat(rounds(spark, trial).sameBits(trial.run(EPOCHS)))
              .as("%s %s on %s", mode, trial.request().train().name(), master)
              .isTrue();
        }
      }
    }
  }

  /** Embeddings, masks, dropout and both directions of sequences of any length. */
  @Test
  void sequencesAsAPlanHasThemEqualInProcessBitForBit() {
    try (var spark = new JavaSparkContext(SparkSettings.local("local[3]", "sequences"))) {
      Mode mode = Mode.GRADIENT;
      for (SequencePlan plan : SequencePlan.values()) {
        mode = mode == Mode.GRADIENT ? Mode.AVERAGING : Mode.GRADIENT; // in turn
        Trial trial =
            new Trial(
                new MadeUp(plan.kind(), 101).request(0, 3),
                mode,
                8,
                localSteps(mode),
                plan.networks("adam", Kernels.AUTO));
        assertThat(rounds(spark, trial).sameBits(trial.run(EPOCHS)))
            .as("%s in mode %s", plan, mode)
            .isTrue();
      }
    }
  }

  @Test
  void mergedInSlicesOrFittedOnExecutorsTheBitsAreTheSame() {
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "slices"))) {
      for (Mode mode : Mode.values()) {
        Trial trial = trial(Nets.BATCH_NORMALIZATION, mode).standardized();
        TrainingState expected = trial.run(EPOCHS);
        // All slices of a task within 1 MiB, which is three; within 1000 bytes, which is hundreds.
        for (long mergedBytes : new long[] {1 << 20, 1000}) {
          assertThat(rounds(spark, trial, 0, mergedBytes).sameBits(expected)).isTrue();
        }
      }
    }
  }

  @Test
  void aShuffleLeavesNoFiles() throws IOException {
    SparkConf conf =
        SparkSettings.local("local[2]", "files").set("spark.local.dir", folder.toString());
    try (var spark = new JavaSparkContext(conf)) {
      rounds(spark, trial(Nets.MLP, Mode.AVERAGING), 0, 1 << 20);
      // They are removed in the background; only garbage collection would do it otherwise.
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!filesOfShuffles().isEmpty() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(filesOfShuffles()).isEmpty();
    }
  }

  private List<Path> filesOfShuffles() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.getFileName().toString().startsWith("shuffle_")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // removed between being listed and being visited
            }
            throw e;
          }
        });
    return found;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void evaluationEqualsInProcess(Mode mode) {
    for (Trial trial : List.of(trial(Nets.CNN, mode), sequences(mode))) {
      TrainingState state = trial.run(EPOCHS);
      try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "evaluation"));
          LoadedData data = trial.load(SparkPlace.of(spark, HADOOP));
          Engine onSpark = data.open(trial.workload(data.dealt()));
          LoadedData same = trial.load();
          Engine inProcess = same.open(trial.workload(same.dealt()))) {
        EvaluationAccumulator measured = onSpark.evaluate(state, Part.VALIDATION);
        assertThat(measured.encode())
            .isEqualTo(inProcess.evaluate(state, Part.VALIDATION).encode());
        assertThat(measured.examples()).isGreaterThanOrEqualTo(30);
        assertThat(measured.result().metric("accuracy")).isGreaterThan(0.6);
      }
    }
  }

  @Test
  void leavesNothingBehind() {
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "cleanliness"))) {
      rounds(spark, trial(Nets.MLP, Mode.AVERAGING));
      assertThat(spark.getPersistentRDDs()).isEmpty();
      assertThat(ByReference.open()).isZero();
    }
  }

  @Test
  void aLossThatIsNotFiniteEndsTheRoundAtOnceAndSaysWhere() {
    var infinite = Nets.MLP.factory(new Sgd(1e30));
    Trial trial = new Digits(64, 0, 2).trial(Mode.AVERAGING, 8, 4, infinite);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "divergence"))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        assertThatThrownBy(() -> rounds(spark, trial, largeBytes, 1 << 20))
            .isInstanceOf(NonFiniteException.class)
            .hasMessageMatching(
                "(?s)the loss became .* in epoch 1, round 1, replica 0, minibatch [234];.*");
      }
    }
  }

  @Test
  void ifTheOnlyReplicaWithWorkDivergesTheOthersSaySoToo() {
    var infinite = Nets.MLP.factory(new Sgd(1e30));
    // 17 examples on 2 replicas with minibatches of 8: the second minibatch is replica 0's alone.
    Trial trial = new Digits(17, 0, 2).trial(Mode.AVERAGING, 8, 1, infinite);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "alone"))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        assertThatThrownBy(() -> rounds(spark, trial, largeBytes, 1 << 20))
            .isInstanceOf(NonFiniteException.class)
            .hasMessageContaining("in epoch 1, round 2, replica 0");
      }
    }
  }

  @Test
  void anErrorThatComesAgainIsOneSentenceWithTheCauseFirst() {
    Trial trial = new Digits(16, 0, 2).trial(Mode.AVERAGING, 8, 1, new FailingInTasks());
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "failure"));
        LoadedData data = trial.load(SparkPlace.of(spark, HADOOP));
        var engine = (RoundsEngine) data.open(trial.workload(data.dealt()))) {
      RoundStart start = RoundStart.of(new TrainingState(new float[3], new float[0], 0, 0));
      assertThatThrownBy(() -> engine.round(start, new RoundRequest(2, 0)))
          .isInstanceOf(LostWorkException.class)
          .hasMessageMatching(
              "java.lang.IllegalStateException: no luck \\(replica [01] on executor driver at "
                  + ".*, tried 1 times\\), while training round 1 of epoch 3");
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
  void whenTheReadingFailsHalfWayNothingStaysBehind() {
    DataRequest readable = trial(Nets.MLP, Mode.AVERAGING).request();
    var request =
        new DataRequest(
            readable.train(),
            Optional.of(new Unreadable(readable.train())),
            readable.validation(),
            readable.replicas(),
            readable.seed(),
            readable.normalization(),
            readable.windowBytes());
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "opening"))) {
      assertThatThrownBy(() -> SparkPlace.of(spark, HADOOP).load(request))
          .isInstanceOf(LostWorkException.class)
          .hasMessageStartingWith("java.io.IOException: the disk is gone")
          .hasMessageEndingWith("while reading the unreadable");
      assertThat(spark.getPersistentRDDs()).isEmpty();
    }
  }

  private record Unreadable(ExampleSource readable) implements ExampleSource {
    private static final long serialVersionUID = 1L;

    @Override
    public SourceLayout layout(Configuration hadoop) throws IOException {
      return readable.layout(hadoop);
    }

    @Override
    public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
        throws IOException {
      throw new IOException("the disk is gone");
    }

    @Override
    public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
      throw new AssertionError();
    }

    @Override
    public ExampleSource like(Labels labels, List<String> columns) {
      return this;
    }

    @Override
    public String name() {
      return "the unreadable";
    }
  }

  @Test
  void whatAJvmKeepsOfARunIsClosedAtItsEnd() {
    var counting = new Counting(Nets.MLP.factory(new Sgd(0.1)));
    Trial trial = new Digits(64, 0, 2).trial(Mode.AVERAGING, 8, 1, counting);
    Counting.OPEN.set(0);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "networks"))) {
      rounds(spark, trial);
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
  void anySerializerWillDoAlsoWhereDataGoesToDisk(String serializer) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("serializers")
            .set("spark.ui.enabled", "false")
            .set("spark.testing.memory", "3000000")
            .set("spark.testing.reservedMemory", "0")
            .set("spark.memory.storageFraction", "0.01")
            .set("spark.serializer", serializer)
            .set("spark.kryo.registrationRequired", "true");
    Trial trial = sequences(Mode.AVERAGING).standardized();
    TrainingState expected = trial.run(EPOCHS);
    try (var spark = new JavaSparkContext(conf);
        LoadedData data = trial.load(SparkPlace.of(spark, HADOOP));
        Engine engine = data.open(trial.workload(data.dealt()))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        assertThat(rounds(spark, trial, largeBytes, 1 << 20).sameBits(expected)).isTrue();
        assertThat(engine.evaluate(expected, Part.VALIDATION).examples()).isPositive();
      }
    }
  }

  @Test
  void whatRoundsTakeIsKnownAndHowMuchOfItReplicasWorked() throws Exception {
    Trial trial = trial(Nets.CNN, Mode.AVERAGING);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "pace"))) {
      for (long largeBytes : new long[] {0, SparkRoundsEngine.LARGE_BYTES}) {
        try (LoadedData data = trial.load(SparkPlace.of(spark, HADOOP));
            var engine =
                new SparkRoundsEngine(
                    spark,
                    trial.workload(data.dealt()),
                    ((SparkData) data).kept(),
                    largeBytes,
                    1 << 20);
            var training = engine.begin()) {
          for (int round = 0; round < 4; round++) {
            training.advance();
          }
          engine.evaluate(training.snapshot().state(), Part.VALIDATION); // is no round
          spark.sc().listenerBus().waitUntilEmpty();

          RoundPace pace = engine.pace().orElseThrow();
          assertThat(pace.rounds()).isEqualTo(3);
          assertThat(pace.working()).isPositive().isLessThanOrEqualTo(pace.seconds());
        }
      }
    }
  }

  @Test
  void blocksThatAreLostAreMadeAgain() {
    Trial trial = trial(Nets.MLP, Mode.AVERAGING);
    try (var spark = new JavaSparkContext(SparkSettings.local("local[2]", "loss"));
        LoadedData data = trial.load(SparkPlace.of(spark, HADOOP));
        var engine = (RoundsEngine) data.open(trial.workload(data.dealt()));
        LoadedData same = trial.load();
        var oracle = (RoundsEngine) same.open(trial.workload(same.dealt()));
        var network = trial.networks().create()) {
      RoundStart start = RoundStart.of(network.state());
      spark.getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
      for (int round = 0; round < 2; round++) {
        var request = new RoundRequest(0, round);
        assertThat(engine.round(start, request))
            .usingRecursiveComparison()
            .isEqualTo(oracle.round(start, request));
      }
    }
  }

  private static TrainingState rounds(JavaSparkContext spark, Trial trial) {
    return rounds(spark, trial, SparkRoundsEngine.LARGE_BYTES, 1 << 20);
  }

  private static TrainingState rounds(
      JavaSparkContext spark, Trial trial, long largeBytes, long mergedBytes) {
    return trial.run(
        SparkPlace.of(spark, HADOOP),
        EPOCHS,
        (data, workload) ->
            new SparkRoundsEngine(
                spark, workload, ((SparkData) data).kept(), largeBytes, mergedBytes));
  }
}
