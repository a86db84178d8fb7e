package io.lockstep.train;

import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.Dealt.Feeding;
import io.lockstep.model.ReplicaFactory;

/**
 * What a JVM must know to measure networks on examples; a value that travels.
 *
 * @param networks builds the network
 * @param feeding makes minibatches of examples
 * @param spec what is measured
 * @param batch examples of one forward pass
 */
public record EvaluationWork(
    ReplicaFactory networks, Feeding feeding, EvaluationSpec spec, int batch)
    implements Setup<Evaluator> {
  @Override
  public Evaluator open() {
    return new Evaluator(this, new NetworkPool(networks));
  }
}
