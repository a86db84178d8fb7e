package io.lockstep.spark;

import io.lockstep.train.RoundRequest;
import java.util.Optional;

/**
 * A fault that is to happen.
 *
 * @param fault that happens
 * @param millis how long or how late, where that means something to it
 * @param replica to whose work
 * @param round in which round; empty for the next ones, whichever they are
 * @param times how often: to so many attempts at the replica's work, one after the other
 */
public record FaultOrder(
    Fault fault, long millis, int replica, Optional<RoundRequest> round, int times) {
  public FaultOrder {
    if (millis < 0 || replica < 0 || times < 1) {
      throw new IllegalArgumentException(
          "%s after %d ms to replica %d, %d times".formatted(fault, millis, replica, times));
    }
  }

  /** To the next attempts at the work of {@code replica}, at once. */
  public static FaultOrder next(Fault fault, int replica, int times) {
    return new FaultOrder(fault, 0, replica, Optional.empty(), times);
  }

  boolean isFor(int worker, RoundRequest at) {
    return replica == worker && (round.isEmpty() || round.get().equals(at));
  }

  FaultOrder once() {
    return new FaultOrder(fault, millis, replica, round, 1);
  }

  FaultOrder less() {
    return new FaultOrder(fault, millis, replica, round, times - 1);
  }
}
