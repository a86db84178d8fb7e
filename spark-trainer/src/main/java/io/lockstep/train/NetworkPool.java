package io.lockstep.train;

import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * Networks that are idle, for whoever works next.
 *
 * <p>They are expensive to build and cheap to load, so they stay, whichever replica used them last:
 * {@link Replica#load} leaves nothing of the past. At most as many exist as were ever at work at
 * once. Thread-safe.
 */
public final class NetworkPool implements AutoCloseable {
  private final ReplicaFactory networks;
  private final Deque<Replica> idle = new ArrayDeque<>();
  private boolean closed;

  /** An empty pool, which {@code networks} fills as there is work. */
  public NetworkPool(ReplicaFactory networks) {
    this.networks = networks;
  }

  /** Works with one network; it must be loaded first, unless they are made so. */
  public <T> T with(Function<Replica, T> work) {
    Replica network = take();
    try {
      return work.apply(network);
    } finally {
      giveBack(network);
    }
  }

  private Replica take() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return networks.create();
  }

  private void giveBack(Replica network) {
    synchronized (idle) {
      if (!closed) {
        idle.push(network);
        return;
      }
    }
    network.close();
  }

  /** Closes the idle networks; one still at work is closed when it is done. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Replica::close);
      idle.clear();
    }
  }
}
