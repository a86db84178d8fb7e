package io.lockstep.train;

import java.util.Optional;

/** An engine that trains in rounds: whoever implements it says only where a round is run. */
public interface RoundsEngine extends Engine, Rounds {
  /** What it was opened for. */
  Workload workload();

  @Override
  default Training begin() {
    return new RoundsTraining(this, workload(), Optional.empty());
  }

  @Override
  default Training resume(Snapshot snapshot) {
    return new RoundsTraining(this, workload(), Optional.of(snapshot));
  }
}
