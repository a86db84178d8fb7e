package io.lockstep.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.train.Workload;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;

/**
 * Measures a network on pieces of examples, one Spark task per piece.
 *
 * @param run of which it is a part
 * @param passage of the network's state
 */
record EvaluationTask(SharedRun run, Passage passage) implements Serializable {
  /** Runs the job; what was measured is merged in the order of the pieces. */
  EvaluationAccumulator measure(JavaRDD<ExampleBlock> pieces, Workload workload) {
    var measured = new EvaluationAccumulator(workload.evaluation());
    Jobs.run("evaluating", () -> pieces.map(this::measure).collect()).stream()
        .map(EvaluationAccumulator::decode)
        .forEach(measured::merge);
    return measured;
  }

  /** The encoded accumulator of one piece. */
  private byte[] measure(ExampleBlock piece) {
    return run.workbench().evaluate(piece, passage.start().state()).encode();
  }
}
