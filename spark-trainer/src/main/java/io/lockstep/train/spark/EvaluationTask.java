package io.lockstep.train.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Normalizer;
import io.lockstep.ps.StateCodec;
import io.lockstep.train.Workload;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures a network on one piece of examples, as a Spark task does it.
 *
 * @param workload the run
 * @param normalizer of its features
 * @param state of the network, encoded
 */
record EvaluationTask(Workload workload, Normalizer normalizer, Broadcast<byte[]> state)
    implements Serializable {
  /** The encoded accumulator of the piece. */
  byte[] run(ExampleBlock piece) {
    return Workbenches.of(workload)
        .evaluate(piece, normalizer, StateCodec.decodeState(state.value()))
        .encode();
  }
}
