package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import io.lockstep.train.RoundPart;
import io.lockstep.train.Workbench;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.Function1;
import scala.collection.Iterator;

/**
 * A replica that stays in its task for many rounds: does one after the other as the driver opens
 * them, until it is told to leave. Answers nothing; what it brings goes by the passages of rounds.
 *
 * @param run of which it is a part
 * @param meeting where it asks what to do
 * @param stay which stay it belongs to
 */
record ResidentTask(SharedRun<Workbench> run, MeetingPlace meeting, int stay)
    implements Function1<Iterator<Shard>, byte[]>, Serializable {
  @Override
  public byte[] apply(Iterator<Shard> partition) {
    TaskContext task = TaskContext.get();
    int k = task.partitionId();
    Shard shard = Partitions.only(ScalaCollections.java(partition));
    DoneRound done = DoneRound.none(stay, k);
    try {
      for (NextRound next = meeting.ask(done);
          !next.isLeaving() && !task.isInterrupted();
          next = meeting.ask(done)) {
        if (next.isRound()) {
          done = done(k, shard, next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("killed while waiting for a round", e);
    }
    return new byte[0];
  }

  private DoneRound done(int k, Shard shard, NextRound next) {
    long begun = System.nanoTime();
    Reply reply = new RoundTask(run, next.passage(), next.request()).contribute(k, shard);
    RoundPart replying = RoundPart.begin("reply", k);
    Reply passed = next.passage().send(k, reply);
    replying.commit();
    return new DoneRound(stay, k, next.number(), System.nanoTime() - begun, passed);
  }
}
