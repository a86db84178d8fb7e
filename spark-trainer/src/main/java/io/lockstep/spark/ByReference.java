package io.lockstep.spark;

import io.lockstep.ps.TrainingState;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Within the one JVM of a {@code local} master: nothing is copied.
 *
 * <p>Spark lays out broadcasts and results as bytes, and reads them again, even where driver and
 * tasks share their memory; for a network of 5 MB with its updater that took longer than a step of
 * it. A task that runs again leaves the same bits in the same place.
 *
 * @param id under which this JVM finds what the tasks have in common
 */
record ByReference(String id) implements Passage {
  private static final Map<String, Shared> OPEN = new ConcurrentHashMap<>();

  private record Shared(TrainingState state, AtomicReferenceArray<Outcome> outcomes) {}

  /** A passage for one job of {@code tasks}. */
  static ByReference open(TrainingState state, int tasks) {
    String id = UUID.randomUUID().toString();
    OPEN.put(id, new Shared(state, new AtomicReferenceArray<>(tasks)));
    return new ByReference(id);
  }

  /** Number of jobs under way. */
  static int open() {
    return OPEN.size();
  }

  @Override
  public TrainingState state() {
    return shared().state();
  }

  @Override
  public Outcome send(int k, Outcome outcome) {
    shared().outcomes().set(k, outcome);
    return Outcome.LEFT_IN_PLACE;
  }

  @Override
  public Outcome receive(int k, Outcome returned) {
    return shared().outcomes().get(k);
  }

  private Shared shared() {
    Shared shared = OPEN.get(id);
    if (shared == null) {
      throw new IllegalStateException("the job is over, or its driver is in another JVM");
    }
    return shared;
  }

  @Override
  public void close() {
    OPEN.remove(id);
  }
}
