package io.lockstep.model;

import java.io.Serializable;

/** Builds networks that are alike, in any JVM. Implementations are immutable. */
public interface ReplicaFactory extends Serializable {
  /** A new network with the plan's initial weights, a pure function of the plan's seed. */
  Replica create();
}
