package io.lockstep.train;

import io.lockstep.ps.TrainingState;
import java.util.List;

/**
 * What the replicas begin a round with. Immutable by agreement, as {@link TrainingState}.
 *
 * @param state the same for all of them
 * @param carries recurrent state of each replica, by its number; empty as long as no replica has
 *     brought one
 */
public record RoundStart(TrainingState state, List<float[]> carries) {
  private static final float[] NONE = {};

  public RoundStart {
    carries = List.copyOf(carries);
  }

  /** A start without recurrent state. */
  public static RoundStart of(TrainingState state) {
    return new RoundStart(state, List.of());
  }

  /** What replica {@code k} carries over from its last minibatch, empty if nothing. */
  public float[] carry(int k) {
    return carries.isEmpty() ? NONE : carries.get(k);
  }
}
