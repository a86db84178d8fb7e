package io.lockstep.train;

import io.lockstep.model.Replica;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;

/**
 * What the driver makes of a merged round: the next global state.
 *
 * <p>In averaging mode the outer optimizer steps from the old parameters towards the averaged ones,
 * and the averaged optimizer state is taken over. In gradient mode the driver's own network takes
 * the one optimizer step that every replica would take. Owns its network and the outer velocity.
 * Not thread-safe.
 */
public final class GlobalUpdate implements AutoCloseable {
  private final Mode mode;
  private final OuterOptimizer outer;
  private final Replica network;
  private float[] velocity;

  /**
   * An update at the beginning of a run.
   *
   * @param network of the driver; closed with this
   */
  public GlobalUpdate(Mode mode, OuterOptimizer outer, Replica network) {
    this(mode, outer, network, new float[outer.velocityLength(network.parameters())]);
  }

  /** An update in the middle of a run, with the velocity it had there; the array is handed over. */
  public GlobalUpdate(Mode mode, OuterOptimizer outer, Replica network, float[] velocity) {
    if (velocity.length != outer.velocityLength(network.parameters())) {
      throw new IllegalArgumentException(
          "outer velocity of %d values for %d parameters"
              .formatted(velocity.length, network.parameters()));
    }
    this.mode = mode;
    this.outer = outer;
    this.network = network;
    this.velocity = velocity;
  }

  /** What the outer optimizer remembers, empty if nothing; never written to again. */
  public float[] velocity() {
    return velocity;
  }

  /** What the replicas must be given of {@code state}: no more than their work depends on. */
  public TrainingState outgoing(TrainingState state) {
    return switch (mode) {
      case AVERAGING -> state;
      case GRADIENT ->
          new TrainingState(state.parameters(), new float[0], state.step(), state.epoch());
    };
  }

  /**
   * The global state after the round.
   *
   * @throws NonFiniteException if a parameter became NaN or infinite; nothing has changed then
   */
  public TrainingState apply(TrainingState state, RoundResult merged, RoundRequest request) {
    return switch (mode) {
      case AVERAGING -> average(state, merged, request);
      case GRADIENT -> step(state, merged, request);
    };
  }

  private TrainingState average(TrainingState state, RoundResult merged, RoundRequest request) {
    float[] nextVelocity = velocity.clone();
    float[] parameters = outer.step(state.parameters(), merged.values(), nextVelocity);
    requireFinite(parameters, request);
    velocity = nextVelocity;
    return new TrainingState(
        parameters, merged.updater(), state.step() + merged.steps(), request.epoch());
  }

  private TrainingState step(TrainingState state, RoundResult merged, RoundRequest request) {
    network.load(state.at(state.step(), request.epoch()));
    network.apply(merged.values());
    TrainingState next = network.state();
    requireFinite(next.parameters(), request);
    return next;
  }

  private static void requireFinite(float[] parameters, RoundRequest request) {
    for (float value : parameters) {
      if (!Float.isFinite(value)) {
        throw NonFiniteException.state(request);
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
