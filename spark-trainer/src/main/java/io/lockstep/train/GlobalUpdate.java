package io.lockstep.train;

import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.model.Replica;
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
  private final float[] velocity;

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

  /** What the outer optimizer remembers, empty if nothing; a copy. */
  public float[] velocity() {
    return velocity.clone();
  }

  /**
   * The global state after the round.
   *
   * @throws NonFiniteException if a parameter became NaN or infinite; the velocity is then spoilt,
   *     the old state is not
   */
  public TrainingState apply(TrainingState state, RoundResult merged, RoundRequest request) {
    TrainingState next =
        switch (mode) {
          case AVERAGING ->
              new TrainingState(
                  outer.step(state.parameters(), merged.values(), velocity),
                  merged.updater(),
                  state.step() + merged.steps(),
                  request.epoch());
          case GRADIENT -> step(state, merged, request);
        };
    requireFinite(next.parameters(), request);
    return next;
  }

  private TrainingState step(TrainingState state, RoundResult merged, RoundRequest request) {
    network.load(state.at(state.step(), request.epoch()));
    network.apply(merged.values());
    return network.state();
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
