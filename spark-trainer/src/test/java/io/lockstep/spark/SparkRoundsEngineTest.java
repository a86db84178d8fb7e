package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Digits;
import io.lockstep.train.Engine;
import io.lockstep.train.InProcessEngine;
import io.lockstep.train.Nets;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.Part;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.Runs;
import io.lockstep.train.Workload;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Spark rounds give the bits of the in-process engine, on any number of cores. */
class SparkRoundsEngineTest {
  private static final int EPOCHS = 2;
  private static final OuterOptimizer NESTEROV = new OuterOptimizer(0.7, 0.6);

  /** 157 examples on 3 replicas: shards, minibatches and rounds that do not divide. */
  private static Workload workload(Nets net, Mode mode) {
    int localSteps = mode == Mode.GRADIENT ? 1 : 3;
    return new Digits(157, 30, 3).workload(mode, 8, localSteps, net.factory(new Adam(0.01)));
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
        assertThat(rounds(spark, workload, 0).sameBits(oracle(workload))).isTrue();
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
        Engine engine = new SparkRoundsEngine(spark, workload);
        Engine oracle = new InProcessEngine(workload, new Configuration(false));
        var network = workload.networks().create()) {
      TrainingState start = network.state();
      engine.round(start, new RoundRequest(0, 0));
      spark.getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
      var request = new RoundRequest(0, 1);
      assertThat(engine.round(start, request))
          .usingRecursiveComparison()
          .isEqualTo(oracle.round(start, request));
    }
  }

  private static TrainingState oracle(Workload workload) {
    return Runs.run(
        workload, NESTEROV, EPOCHS, w -> new InProcessEngine(w, new Configuration(false)));
  }

  private static TrainingState rounds(JavaSparkContext spark, Workload workload, long largeBytes) {
    return Runs.run(workload, NESTEROV, EPOCHS, w -> new SparkRoundsEngine(spark, w, largeBytes));
  }
}
