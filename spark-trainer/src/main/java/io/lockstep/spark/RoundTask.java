package io.lockstep.spark;

import io.lockstep.data.ExampleBlock;
import io.lockstep.train.RoundRequest;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The round of one replica, as a Spark task runs it on the partition that holds its shard.
 *
 * <p>A class of its own rather than a lambda: Spark inspects the byte code of lambdas anew for
 * every job.
 *
 * @param run of which it is a part
 * @param passage of the global state, and of what the task brings
 * @param request which round
 */
record RoundTask(SharedRun run, Passage passage, RoundRequest request)
    implements Function2<TaskContext, Iterator<ExampleBlock>, byte[]>, Serializable {
  @Override
  public byte[] apply(TaskContext task, Iterator<ExampleBlock> partition) {
    int k = task.partitionId();
    Reply reply = contribute(k, Partitions.only(CollectionConverters.asJava(partition)));
    return passage.send(k, reply).encode();
  }

  /** The contribution of replica {@code k}, or why there is none. */
  Reply contribute(int k, ExampleBlock shard) {
    return Reply.ofReplica(() -> run.workbench().round(shard, k, passage.start(), request));
  }
}
