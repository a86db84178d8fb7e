package io.lockstep.spark;

import java.io.Serializable;

/** How the tasks of a stay reach its {@link Rendezvous}. Goes along with them. */
@SuppressWarnings("NotJavadoc") // Error Prone loses its way after a leading sealed
sealed interface MeetingPlace extends Serializable permits MeetingHere, MeetingByRpc {
  /**
   * Tells what was done and waits for what to do next, for seconds at most.
   *
   * @return that, {@link NextRound#WAIT} if nothing is known yet, {@link NextRound#LEAVE} also if
   *     the stay is over and forgotten
   * @throws InterruptedException if the task is killed meanwhile
   */
  NextRound ask(DoneRound done) throws InterruptedException;
}
