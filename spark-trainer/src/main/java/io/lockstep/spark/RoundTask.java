package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import io.lockstep.train.RoundPart;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import io.lockstep.train.Workbench;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.Function2;
import scala.collection.Iterator;

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
record RoundTask(SharedRun<Workbench> run, Passage passage, RoundRequest request)
    implements Function2<TaskContext, Iterator<Shard>, byte[]>, Serializable {
  @Override
  public byte[] apply(TaskContext task, Iterator<Shard> partition) {
    int k = task.partitionId();
    Reply reply = contribute(k, Partitions.only(ScalaCollections.java(partition)));
    RoundPart replying = RoundPart.begin("reply", k);
    byte[] laidOut = passage.send(k, reply).encode();
    replying.commit();
    return laidOut;
  }

  /** The contribution of replica {@code k}, or why there is none. */
  Reply contribute(int k, Shard shard) {
    RoundPart fetching = RoundPart.begin("fetch", k);
    RoundStart start = run.start(passage);
    fetching.commit();
    return Reply.ofReplica(() -> run.tools().round(shard, k, start, request));
  }
}
