package io.lockstep.run;

import io.lockstep.ps.TrainingState;

/**
 * All that a run needs to go on bit for bit.
 *
 * @param plan fingerprint of the plan, so that no other plan goes on with it
 * @param position how far the run has come
 * @param state of the replicas, merged
 * @param velocity of the outer optimizer, empty if it has none; not to be written to
 * @param patience memory of early stopping
 */
@SuppressWarnings("ArrayRecordComponent") // millions of values, compared by nobody
public record Checkpoint(
    String plan, Position position, TrainingState state, float[] velocity, Patience patience) {}
