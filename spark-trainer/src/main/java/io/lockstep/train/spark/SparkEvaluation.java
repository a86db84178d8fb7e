package io.lockstep.train.spark;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.train.ModelEvaluation;
import io.lockstep.train.Part;
import io.lockstep.train.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Measures a trained network in one Spark job, one task per piece of the examples. */
public final class SparkEvaluation {
  private SparkEvaluation() {}

  /** Runs the job; pieces are read where they are measured, and merged in their order. */
  public static EvaluationAccumulator run(JavaSparkContext spark, ModelEvaluation evaluation) {
    Workload workload = evaluation.workload();
    Broadcast<byte[]> hadoop = spark.broadcast(HadoopSettings.encode(spark.hadoopConfiguration()));
    try {
      SharedRun run = SharedRun.send(spark, workload, evaluation.normalizer());
      Broadcast<TravellingState> network = spark.broadcast(new TravellingState(evaluation.state()));
      try {
        var reader = new PieceReader(workload.examples(), Part.TEST, hadoop);
        var task = new EvaluationTask(run, network);
        List<Integer> pieces = IntStream.range(0, workload.replicas()).boxed().toList();
        var measured = new EvaluationAccumulator(workload.evaluation());
        spark
            .parallelize(pieces, workload.replicas())
            .map(piece -> task.measure(reader.read(piece)))
            .collect()
            .stream()
            .map(EvaluationAccumulator::decode)
            .forEach(measured::merge);
        return measured;
      } finally {
        network.destroy();
        run.close();
      }
    } finally {
      hadoop.destroy();
    }
  }
}
