package io.lockstep.app;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks whether a run comes along: says on what is waited after ten seconds, and again when that
 * has doubled; gives it up after a limit.
 */
final class ChaosPatience implements AutoCloseable {
  private static final double FIRST_SECONDS = 10;

  private final RoundClock clock;
  private final Duration limit;
  private final Supplier<String> newest;
  private final Consumer<String> note;
  private final Runnable giveUp;
  private final ScheduledExecutorService looking;
  private double next = FIRST_SECONDS;
  private volatile String givenUp = "";

  /**
   * Begins to look.
   *
   * @param newest the newest fault, in a few words
   * @param note told on what is waited
   * @param giveUp ends the run's work
   */
  ChaosPatience(
      RoundClock clock,
      Duration limit,
      Supplier<String> newest,
      Consumer<String> note,
      Runnable giveUp) {
    this.clock = clock;
    this.limit = limit;
    this.newest = newest;
    this.note = note;
    this.giveUp = giveUp;
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "lockstep chaos looks on");
              thread.setDaemon(true);
              return thread;
            });
    var unused = looking.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    double waiting = clock.waiting();
    if (waiting < FIRST_SECONDS) {
      next = FIRST_SECONDS;
      return;
    }
    String what =
        String.format(
            Locale.ROOT,
            "%.0f s for round %d (newest fault: %s)",
            waiting,
            clock.next() + 1,
            newest.get());
    if (waiting >= limit.toSeconds()) {
      givenUp = "waited " + what + ", then gave up";
      giveUp.run();
      looking.shutdown();
    } else if (waiting >= next) {
      note.accept("waiting since " + what);
      next = 2 * waiting;
    }
  }

  /** Why the run was given up; empty if it was not. */
  String givenUp() {
    return givenUp;
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
