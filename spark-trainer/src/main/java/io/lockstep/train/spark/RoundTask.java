package io.lockstep.train.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Normalizer;
import io.lockstep.ps.Contribution;
import io.lockstep.ps.StateCodec;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.Workload;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * The round of one replica, as a Spark task runs it.
 *
 * @param workload the run
 * @param normalizer of its features
 * @param state the global state, encoded
 * @param request which round
 */
record RoundTask(
    Workload workload, Normalizer normalizer, Broadcast<byte[]> state, RoundRequest request)
    implements Serializable {
  /** The contribution of replica {@code k}, or why there is none. */
  byte[] run(int k, ExampleBlock shard) {
    return Outcome.of(() -> StateCodec.encode(contribution(k, shard)));
  }

  private Contribution contribution(int k, ExampleBlock shard) {
    TrainingState start = StateCodec.decodeState(state.value());
    return Workbenches.of(workload).round(shard, normalizer, k, start, request);
  }
}
