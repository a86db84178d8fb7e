package io.lockstep.data.order;

/** The parts that the examples of a run fall into. */
public enum Part {
  /** Trained, each exactly once per epoch. */
  TRAINING,
  /** Held out of the training source, to watch progress by. */
  VALIDATION,
  /** Another source, or held out of the training source; evaluated when the run is done. */
  TEST
}
