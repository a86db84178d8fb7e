package io.lockstep.spark;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Within the one JVM of a {@code local} master: a call.
 *
 * @param rendezvous the stays of the run, as this JVM finds them
 */
record MeetingHere(String rendezvous) implements MeetingPlace {
  @Override
  public NextRound ask(DoneRound done) throws InterruptedException {
    var next = new CompletableFuture<NextRound>();
    Stays.ofRun(rendezvous).ask(done, next::complete);
    try {
      return next.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the answer is a value", e);
    }
  }
}
