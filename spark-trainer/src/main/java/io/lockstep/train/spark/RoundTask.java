package io.lockstep.train.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.train.RoundRequest;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function2;
import scala.collection.Iterator;

/**
 * The round of one replica, as a Spark task runs it on the partition that holds its shard.
 *
 * <p>A class of its own rather than a lambda: Spark inspects the byte code of lambdas anew for
 * every job.
 *
 * @param run of which it is a part
 * @param state the global state at the round's beginning
 * @param request which round
 */
record RoundTask(SharedRun run, Broadcast<TravellingState> state, RoundRequest request)
    implements Function2<TaskContext, Iterator<ExampleBlock>, Outcome>, Serializable {
  @Override
  public Outcome apply(TaskContext task, Iterator<ExampleBlock> partition) {
    return contribute(task.partitionId(), Partitions.only(partition));
  }

  /** The contribution of replica {@code k}, or why there is none. */
  Outcome contribute(int k, ExampleBlock shard) {
    return Outcome.ofReplica(() -> run.workbench().round(shard, k, state.value().state(), request));
  }
}
