package io.lockstep.bench;

import io.lockstep.config.PlanParser;
import io.lockstep.config.ResolvedPlan;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.GlobalUpdate;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundResult;
import io.lockstep.spark.SparkRoundsEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The rounds of the plan spark-tax.yaml on Spark, one after the other, epoch after epoch. */
final class SparkRounds implements AutoCloseable {
  private final PreparedRun run;
  private final SparkRoundsEngine engine;
  private final GlobalUpdate update;
  private TrainingState state;
  private int epoch;
  private int round;

  SparkRounds(JavaSparkContext spark, String kernels, int localSteps) throws IOException {
    run = PreparedRun.of(plan(kernels, localSteps), new Configuration());
    engine = new SparkRoundsEngine(spark, run.workload());
    var network = run.workload().networks().create();
    state = network.state();
    var outer = run.plan().training().outer();
    update =
        new GlobalUpdate(
            run.plan().training().mode(),
            new OuterOptimizer(outer.learningRate(), outer.momentum()),
            network);
  }

  private static ResolvedPlan plan(String kernels, int localSteps) throws IOException {
    try (var file = SparkRounds.class.getResourceAsStream("spark-tax.yaml")) {
      String yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return PlanParser.resolve(
          yaml,
          "spark-tax.yaml",
          List.of("compute.kernels=" + kernels, "training.localSteps=" + localSteps));
    }
  }

  /** Runs {@code rounds} full rounds; examples/s. */
  double run(int rounds) {
    long examples = 0;
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      var request = new RoundRequest(epoch, round);
      RoundResult merged = engine.round(state, request);
      state = update.apply(state, merged, request);
      examples += merged.examples();
      round++;
      if (round == run.workload().steps().schedule().rounds()) {
        round = 0;
        epoch++;
      }
    }
    return examples * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    update.close();
    engine.close();
  }
}
