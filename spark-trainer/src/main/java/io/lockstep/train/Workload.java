package io.lockstep.train;

import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.OuterOptimizer;

/**
 * All that a JVM must know to take part in a run; a value that travels.
 *
 * @param steps what a replica does in a round
 * @param outer what becomes of the averaged parameters, in averaging mode
 * @param evaluation how the network is measured between epochs; has the networks, and how examples
 *     are fed to them
 */
public record Workload(LocalSteps steps, OuterOptimizer outer, EvaluationWork evaluation)
    implements Setup<Workbench> {
  /** Number of replicas, and of pieces of every part. */
  public int replicas() {
    return steps.schedule().replicas();
  }

  /** Builds a replica's network. */
  public ReplicaFactory networks() {
    return evaluation.networks();
  }

  @Override
  public Workbench open() {
    return new Workbench(this);
  }
}
