package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import io.lockstep.train.RoundPart;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.RoundStart;
import io.lockstep.train.Workbench;
import java.io.Serializable;

/**
 * The round of one replica, within a task on the partition that holds its shard.
 *
 * @param run of which it is a part
 * @param passage of the global state, and of what the task brings
 * @param request which round
 */
record RoundTask(SharedRun<Workbench> run, Passage passage, RoundRequest request)
    implements Serializable {
  /** The contribution of replica {@code k}, or why there is none. */
  Reply contribute(int k, Shard shard) {
    RoundPart fetching = RoundPart.begin("fetch", k);
    RoundStart start = run.start(passage);
    fetching.commit();
    return Reply.ofReplica(() -> FaultPlugin.round(run.tools(), shard, k, start, request));
  }
}
