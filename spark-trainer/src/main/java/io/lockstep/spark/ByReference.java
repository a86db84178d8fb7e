package io.lockstep.spark;

import io.lockstep.train.RoundStart;
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

  private record Shared(RoundStart start, AtomicReferenceArray<Reply> replies) {}

  /** A passage for one job of {@code tasks}. */
  static ByReference open(RoundStart start, int tasks) {
    String id = UUID.randomUUID().toString();
    OPEN.put(id, new Shared(start, new AtomicReferenceArray<>(tasks)));
    return new ByReference(id);
  }

  /** Number of jobs under way. */
  static int open() {
    return OPEN.size();
  }

  @Override
  public RoundStart start(Arrivals arrivals) {
    return shared().start();
  }

  @Override
  public Reply send(int k, Reply reply) {
    shared().replies().set(k, reply);
    return Reply.leftInPlace();
  }

  @Override
  public Reply receive(int k, Reply returned) {
    return shared().replies().get(k);
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
