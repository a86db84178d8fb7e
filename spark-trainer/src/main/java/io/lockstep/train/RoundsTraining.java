package io.lockstep.train;

import io.lockstep.model.Replica;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import java.util.List;
import java.util.Optional;

/**
 * Synchronous rounds: all replicas start from the global state, work, and are merged.
 *
 * <p>In gradient mode only parameters travel out: a gradient is the same whatever the optimizer
 * remembers, which stays with the driver's own network ({@link GlobalUpdate}).
 */
final class RoundsTraining implements Training {
  private final Rounds rounds;
  private final Workload workload;
  private final GlobalUpdate update;
  private TrainingState state;
  private List<float[]> carries;
  private RoundRequest next;

  /** Begins, or goes on {@code from} a snapshot. */
  RoundsTraining(Rounds rounds, Workload workload, Optional<Snapshot> from) {
    this.rounds = rounds;
    this.workload = workload;
    OuterOptimizer outer = workload.outer();
    Replica network = workload.networks().create();
    try {
      Snapshot start = from.orElseGet(() -> beginning(network, outer));
      update = new GlobalUpdate(workload.steps().mode(), outer, network, start.velocity());
      state = start.state();
      carries = start.carries();
      next = start.next();
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static Snapshot beginning(Replica network, OuterOptimizer outer) {
    return new Snapshot(
        network.state(),
        new float[outer.velocityLength(network.parameters())],
        List.of(),
        new RoundRequest(0, 0));
  }

  @Override
  public Synchronization advance() {
    RoundRequest at = next;
    RoundPart working = RoundPart.begin("round");
    RoundResult merged = rounds.round(new RoundStart(update.outgoing(state), carries), at);
    working.commit();
    RoundPart updating = RoundPart.begin("update");
    TrainingState after = update.apply(state, merged, at);
    updating.commit();
    boolean endsEpoch = at.round() + 1 == workload.steps().schedule().rounds();
    next =
        endsEpoch
            ? new RoundRequest(at.epoch() + 1, 0)
            : new RoundRequest(at.epoch(), at.round() + 1);
    state = after.at(after.step(), next.epoch());
    carries = merged.carries();
    return new Synchronization(at, endsEpoch, merged.loss(), merged.shares());
  }

  @Override
  public Snapshot snapshot() {
    return new Snapshot(state, update.velocity(), carries, next);
  }

  @Override
  public void close() {
    update.close();
  }
}
