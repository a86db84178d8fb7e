package io.lockstep.spark;

import io.lockstep.train.RoundRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where the replicas of one stay and the driver meet, round after round. Knows nothing of Spark.
 *
 * <p>The driver {@linkplain #open opens} a round and {@linkplain #await awaits} what all replicas
 * bring. A replica {@linkplain #ask asks} for its next round and says with it what it did in the
 * last. It gets the open round as long as it has not brought anything for it, whoever asked for it
 * before: so a task that is run again, after its executor died, does the round that is missing.
 *
 * <p>A stay is over once it is {@linkplain #dismiss dismissed}: then each replica that has done the
 * open round is told to leave. It is dismissed by itself where others may need the slots: when no
 * round comes for {@link #PATIENCE}, or when somebody has waited as long while a replica is not
 * there at all (it may need the slot of one that waits). Thread-safe.
 */
final class Rendezvous {
  /** For how long a slot is held that does nothing. */
  static final Duration PATIENCE = Duration.ofMillis(250);

  /** After which time a replica that waits is told that it still does. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final Replica[] replicas;
  private NextRound open; // the latest round, null before the first
  private int missing; // replicas that have not brought anything for it
  private boolean dismissed;
  private boolean ended;
  private Throwable failure;
  private long idleSince;

  private static final class Replica {
    private boolean here; // has asked, and its task did not fail since
    private DoneRound brought; // for the open round
    private Consumer<NextRound> waiting; // for an answer, null if it is not
    private long waitingSince;

    void answer(NextRound next) {
      Consumer<NextRound> whom = waiting;
      waiting = null;
      if (whom != null) {
        whom.accept(next);
      }
    }
  }

  /** A rendezvous of replicas that have yet to come; {@code nanoTime} is its clock. */
  Rendezvous(int replicas, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.replicas = new Replica[replicas];
    Arrays.setAll(this.replicas, k -> new Replica());
    this.idleSince = nanoTime.getAsLong();
  }

  /**
   * Opens the next round.
   *
   * @return whether it is open; not if the stay is over
   */
  synchronized boolean open(Passage passage, RoundRequest request) {
    if (dismissed || ended) {
      return false;
    }
    open = new NextRound(open == null ? 0 : open.number() + 1, passage, request);
    missing = replicas.length;
    for (Replica each : replicas) {
      each.brought = null;
      each.answer(open);
    }
    return true;
  }

  /**
   * Waits until all replicas have brought what they have for the open round.
   *
   * @return that, by the number of the replica; null if the tasks ended before
   * @throws Throwable why the tasks failed for good
   */
  synchronized DoneRound[] await() throws Throwable {
    while (missing > 0 && !ended) {
      wait();
    }
    idleSince = nanoTime.getAsLong();
    if (missing > 0 && failure != null) {
      throw failure;
    }
    return missing > 0
        ? null
        : Arrays.stream(replicas).map(it -> it.brought).toArray(DoneRound[]::new);
  }

  /**
   * A replica asks what to do next.
   *
   * @param done in the last round
   * @param answer given now or later, exactly once; must not block
   */
  synchronized void ask(DoneRound done, Consumer<NextRound> answer) {
    Replica replica = replicas[done.replica()];
    replica.here = true;
    if (open != null && done.number() == open.number() && replica.brought == null) {
      replica.brought = done;
      if (--missing == 0) {
        notifyAll();
      }
    }
    replica.answer(NextRound.LEAVE); // an older attempt, of which nobody expects anything
    replica.waiting = answer;
    replica.waitingSince = nanoTime.getAsLong();
    if (ended) {
      replica.answer(NextRound.LEAVE);
    } else if (open != null && replica.brought == null) {
      replica.answer(open);
    } else if (dismissed) {
      replica.answer(NextRound.LEAVE);
    }
  }

  /** The task of a replica failed; it will come again if it gets a slot. */
  synchronized void lost(int k) {
    replicas[k].here = false;
  }

  /** Ends the stay with the open round. */
  synchronized void dismiss() {
    dismissed = true;
    for (Replica each : replicas) {
      if (ended || open == null || each.brought != null) {
        each.answer(NextRound.LEAVE);
      }
    }
  }

  /** To be called now and then: dismisses those who hold a slot for nothing. */
  synchronized void look() {
    long now = nanoTime.getAsLong();
    boolean idle = missing == 0 && now - idleSince > PATIENCE.toNanos();
    boolean blocked =
        Arrays.stream(replicas).anyMatch(it -> !it.here)
            && Arrays.stream(replicas).anyMatch(it -> waitedFor(it, PATIENCE, now));
    if (idle || blocked) {
      dismiss();
    }
    for (Replica each : replicas) {
      if (waitedFor(each, SIGN_OF_LIFE, now)) {
        each.answer(NextRound.WAIT);
      }
    }
  }

  private static boolean waitedFor(Replica replica, Duration time, long now) {
    return replica.waiting != null && now - replica.waitingSince > time.toNanos();
  }

  /**
   * The tasks are done, or will not be done.
   *
   * @param why they failed, null if they did not
   */
  synchronized void end(Throwable why) {
    ended = true;
    failure = why;
    dismiss();
    notifyAll();
  }

  /** Whether the stay is over, or will be with the open round. */
  synchronized boolean isDismissed() {
    return dismissed;
  }

  /** Waits until the tasks are done. */
  synchronized void awaitEnd(Duration most) throws InterruptedException {
    long until = nanoTime.getAsLong() + most.toNanos();
    for (long left = most.toMillis();
        !ended && left > 0;
        left = (until - nanoTime.getAsLong()) / 1_000_000) {
      wait(left);
    }
  }
}
