package io.lockstep.app;

import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.Plan;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.spark.Engines;
import io.lockstep.spark.RddSource;
import io.lockstep.spark.SparkPlace;
import io.lockstep.train.ModelEvaluation;
import io.lockstep.train.Place;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which Spark a use-case runs on: one that the user has, which stays open, or one opened for it.
 *
 * @param given the user's, if any
 */
record SparkChoice(Optional<JavaSparkContext> given) {
  static final SparkChoice OWN = new SparkChoice(Optional.empty());

  /** The Spark that {@code examples} lie in, if none was given and they lie in one. */
  SparkChoice or(ExampleSource examples) {
    return given.isEmpty() && examples instanceof RddSource<?> rows
        ? new SparkChoice(Optional.of(rows.spark()))
        : this;
  }

  /** Hadoop's settings: those of the user's Spark, else as the cluster's files give them. */
  Configuration hadoop() {
    return given.map(JavaSparkContext::hadoopConfiguration).orElseGet(Engines::hadoop);
  }

  /** {@code plan} as it will be executed: whoever gives a Spark wants its rounds there. */
  Plan adapt(Plan plan) {
    return given.isPresent() ? plan.withRun(plan.run().withEngine(EngineKind.SPARK)) : plan;
  }

  /** Refuses what {@link #open} would fail on. */
  void check(Plan plan) {
    if (given.isEmpty()) {
      if (plan.run().engine() == EngineKind.SPARK) {
        Master.check(plan.run().master());
        Master.checkHeap(Runtime.getRuntime().maxMemory());
      }
      Engines.check(plan.run(), plan.compute());
    }
  }

  /**
   * Opens the place where {@code plan} is executed.
   *
   * @param hadoop settings that files are opened with
   */
  Place open(Plan plan, Configuration hadoop) {
    if (given.isPresent()) {
      return SparkPlace.of(given.get(), hadoop);
    }
    return Engines.open(
        plan.name(), plan.run(), plan.training().replicas(), plan.compute(), hadoop);
  }

  /** What is done at a place. */
  @FunctionalInterface
  interface Work<T> {
    T at(Place place) throws IOException;
  }

  /** Does {@code work}; whoever watches over the place learns whether it failed. */
  static <T> T within(Place place, Work<T> work) throws IOException {
    try {
      return work.at(place);
    } catch (Throwable e) {
      place.failed();
      throw e;
    }
  }

  /**
   * Measures a model on Spark.
   *
   * @param master where Spark runs if it must be opened
   * @param hadoop settings that files are opened with
   */
  EvaluationResult measure(ModelEvaluation evaluation, String master, Configuration hadoop)
      throws IOException {
    return run("evaluate", master, context -> evaluation.run(SparkPlace.of(context, hadoop)));
  }

  /** Work on a Spark context. */
  @FunctionalInterface
  interface OnSpark<T> {
    /** Does it. */
    T on(JavaSparkContext spark) throws IOException;
  }

  /**
   * Works on the user's Spark, or on one that is opened for it.
   *
   * @param name of the work
   * @param master where Spark runs if it must be opened
   */
  <T> T run(String name, String master, OnSpark<T> work) throws IOException {
    if (given.isPresent()) {
      return work.on(given.get());
    }
    Master.check(master);
    Master.checkHeap(Runtime.getRuntime().maxMemory());
    // A network read from a file computes with one native thread.
    JavaSparkContext spark = Engines.context(name, master, 1);
    int exitCode = 1;
    try {
      T result = work.on(spark);
      exitCode = 0;
      return result;
    } finally {
      spark.sc().stop(exitCode);
    }
  }
}
