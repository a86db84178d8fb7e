package io.lockstep.run;

import io.lockstep.ps.TrainingState;
import java.util.List;

/**
 * All that a run needs to go on bit for bit.
 *
 * @param plan fingerprint of the plan, so that no other plan goes on with it
 * @param position how far the run has come
 * @param state of the replicas, merged
 * @param velocity of the outer optimizer, empty if it has none; not to be written to
 * @param patience memory of early stopping
 * @param carries of the replicas, in their order: what each hands from minibatch to minibatch; none
 *     at all, or one of each replica, which may be empty; not to be written to
 * @param toBeEvaluated whether the epoch that ended here is yet to be evaluated, since an epoch is
 *     saved before anything can go wrong in its evaluation; whoever goes on from here evaluates
 *     first
 */
@SuppressWarnings("ArrayRecordComponent") // millions of values, compared by nobody
public record Checkpoint(
    String plan,
    Position position,
    TrainingState state,
    float[] velocity,
    Patience patience,
    List<float[]> carries,
    boolean toBeEvaluated) {
  public Checkpoint {
    carries = List.copyOf(carries);
  }

  /** A checkpoint without carries, with nothing to be evaluated. */
  public Checkpoint(
      String plan, Position position, TrainingState state, float[] velocity, Patience patience) {
    this(plan, position, state, velocity, patience, List.of(), false);
  }

  /** The same, {@code patience} having seen the evaluation of the epoch that ended here. */
  public Checkpoint evaluated(Patience newPatience) {
    return new Checkpoint(plan, position, state, velocity, newPatience, carries, false);
  }

  /** The same with its epoch yet to be evaluated. */
  public Checkpoint asToBeEvaluated() {
    return new Checkpoint(plan, position, state, velocity, patience, carries, true);
  }
}
