package io.lockstep.bench;

import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.spark.SparkPlace;
import io.lockstep.train.Engine;
import io.lockstep.train.LoadedData;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.Training;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The rounds of a plan spark-tax-MODEL.yaml on Spark, one after the other, epoch after epoch. */
final class SparkRounds implements AutoCloseable {
  private final LoadedData data;
  private final Engine engine;
  private final Training training;

  SparkRounds(JavaSparkContext spark, Workload model, String kernels, int localSteps)
      throws IOException {
    var hadoop = new Configuration();
    ResolvedPlan plan = plan(model, kernels, localSteps);
    data = SparkPlace.of(spark, hadoop).load(PreparedRun.request(plan.plan()));
    engine = data.open(PreparedRun.of(plan, data.dealt(), hadoop).workload());
    training = engine.begin();
    int parameters = training.snapshot().state().parameters().length;
    if (parameters != model.parameters()) {
      throw new IllegalStateException(
          "the plan's network has %d parameters, the plain one %d"
              .formatted(parameters, model.parameters()));
    }
  }

  private static ResolvedPlan plan(Workload model, String kernels, int localSteps)
      throws IOException {
    String name = "spark-tax-" + model.name() + ".yaml";
    try (var file = SparkRounds.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalArgumentException("there is no plan for the model " + model.name());
      }
      String yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return PlanParser.resolve(
          yaml, name, List.of("compute.kernels=" + kernels, "training.localSteps=" + localSteps));
    }
  }

  /** Runs {@code rounds} full rounds; examples/s. */
  double run(int rounds) {
    long examples = 0;
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      examples += training.advance().examples();
    }
    return examples * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    try (data;
        engine) {
      training.close();
    }
  }
}
