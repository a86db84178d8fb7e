package io.lockstep.spark;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.train.ModelEvaluation;
import io.lockstep.train.Part;
import io.lockstep.train.RoundStart;
import io.lockstep.train.Workload;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures a trained network in one Spark job, one task per piece of the examples. */
public final class SparkEvaluation {
  private SparkEvaluation() {}

  /** Runs the job; pieces are read where they are measured, and merged in their order. */
  public static EvaluationAccumulator run(JavaSparkContext spark, ModelEvaluation evaluation) {
    Workload workload = evaluation.workload();
    try (var examples = new SparkExamples(spark, workload.examples(), workload.replicas());
        var run = SharedRun.send(spark, workload, evaluation.normalizer());
        var passage = Passage.open(spark, RoundStart.of(evaluation.state()), workload.replicas())) {
      return new EvaluationTask(run, passage).measure(examples.pieces(Part.TEST), workload);
    }
  }
}
