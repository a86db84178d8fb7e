package io.lockstep.train.spark;

import io.lockstep.data.ExampleBlock;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures a network on one piece of examples, as a Spark task does it.
 *
 * @param run of which it is a part
 * @param state of the network
 */
record EvaluationTask(SharedRun run, Broadcast<TravellingState> state) implements Serializable {
  /** The encoded accumulator of the piece. */
  byte[] measure(ExampleBlock piece) {
    return run.workbench().evaluate(piece, state.value().state()).encode();
  }
}
