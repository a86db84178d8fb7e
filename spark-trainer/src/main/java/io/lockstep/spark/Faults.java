package io.lockstep.spark;

import io.lockstep.train.RoundRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The driver's list of faults that are to happen. Whoever works for a replica asks here as it
 * begins ({@link FaultPlugin}); so each order is carried out as often as it says, wherever and
 * however often the work is tried, and the driver knows of it before it happens. Thread-safe.
 */
public final class Faults {
  /** Someone who is told; by a thread of Spark's, so not for long. */
  public interface Watch {
    /**
     * A fault is about to happen.
     *
     * @param order once
     * @param executor to which
     */
    void striking(FaultOrder order, String executor);

    /**
     * It has happened, and whoever it happened to lives.
     *
     * @param what came of it, empty if there is nothing to say
     */
    void struck(FaultOrder order, String what);
  }

  private final List<FaultOrder> orders = new ArrayList<>();
  private final Map<Integer, FaultOrder> given = new HashMap<>(); // by the number of the answer
  private Watch watch;

  /** Adds an order. */
  public synchronized void order(FaultOrder order) {
    orders.add(order);
  }

  /** Takes back all that has not happened. */
  public synchronized void revoke() {
    orders.clear();
  }

  /** Tells {@code who}, and nobody else, from now on. */
  public synchronized void watch(Watch who) {
    watch = who;
  }

  /** An order for whoever asks, and the number by which to tell what came of it. */
  record Given(int number, FaultOrder order) {}

  synchronized Optional<Given> take(int replica, RoundRequest at, String executor) {
    for (int i = 0; i < orders.size(); i++) {
      FaultOrder order = orders.get(i);
      if (order.isFor(replica, at)) {
        if (order.times() == 1) {
          orders.remove(i);
        } else {
          orders.set(i, order.less());
        }
        Given taken = new Given(given.size(), order.once());
        given.put(taken.number(), taken.order());
        if (watch != null) {
          watch.striking(taken.order(), executor);
        }
        return Optional.of(taken);
      }
    }
    return Optional.empty();
  }

  synchronized void struck(int number, String what) {
    FaultOrder order = given.get(number);
    if (order != null && watch != null) {
      watch.struck(order, what);
    }
  }
}
