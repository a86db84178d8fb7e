package io.lockstep.spark;

import io.lockstep.train.Merge;
import io.lockstep.train.RoundResult;
import io.lockstep.train.RoundStart;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * How the start of a job reaches its tasks, and how what they bring reaches the driver. Belongs to
 * one job: a round or an evaluation; goes along with its tasks. {@link Passages} opens them.
 */
@SuppressWarnings("NotJavadoc") // Error Prone loses its way after a leading sealed
sealed interface Passage extends Serializable, AutoCloseable
    permits ByBroadcast, ByReference, Travelling {
  /**
   * What the job begins with, as a task reads it.
   *
   * @param arrivals of this JVM, for what is not in its memory anyway
   */
  RoundStart start(Arrivals arrivals);

  /** What task {@code k} is to return for {@code reply}. */
  Reply send(int k, Reply reply);

  /** The reply of task {@code k}, for what Spark brought from its task. */
  Reply receive(int k, Reply returned);

  /**
   * What all replicas bring, merged in replica order.
   *
   * @param done what each says of it, by its number
   * @throws LostPieceException if a part of it is gone: the round has to be done again
   */
  default RoundResult merged(DoneRound[] done) {
    List<Reply> inReplicaOrder =
        Arrays.stream(done).parallel().map(each -> receive(each.replica(), each.reply())).toList();
    Merge merge = new Merge();
    inReplicaOrder.forEach(reply -> merge.add(reply.contribution()));
    return merge.result();
  }

  /** Lets go of all that was passed. */
  @Override
  void close();
}
