package io.lockstep.train;

import io.lockstep.ps.TrainingState;
import java.util.List;

/**
 * A training between two synchronisations. Immutable by agreement, as {@link TrainingState}.
 *
 * @param state of the replicas, merged
 * @param velocity of the outer optimizer, empty if it has none
 * @param carries recurrent state of each replica, by its number; empty if none has any
 * @param next synchronisation to come
 */
@SuppressWarnings("ArrayRecordComponent") // millions of values, compared by nobody
public record Snapshot(
    TrainingState state, float[] velocity, List<float[]> carries, RoundRequest next) {
  public Snapshot {
    carries = List.copyOf(carries);
  }
}
