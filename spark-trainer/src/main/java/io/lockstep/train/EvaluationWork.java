package io.lockstep.train;

import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.Dealt.Feeding;
import io.lockstep.model.ReplicaFactory;
import java.util.OptionalDouble;

/**
 * What a JVM must know to measure networks on examples; a value that travels.
 *
 * @param networks builds the network
 * @param feeding makes minibatches of examples
 * @param spec what is measured
 * @param batch examples of one forward pass
 * @param streams whether these are streams side by side that go on in the next forward pass
 */
public record EvaluationWork(
    ReplicaFactory networks, Feeding feeding, EvaluationSpec spec, int batch, boolean streams)
    implements Setup<Evaluator> {
  /** Work on examples that do not hang together. */
  public EvaluationWork(ReplicaFactory networks, Feeding feeding, EvaluationSpec spec, int batch) {
    this(networks, feeding, spec, batch, false);
  }

  /** The same with another threshold; of several outputs, or without a yes, nothing changes. */
  public EvaluationWork withThreshold(OptionalDouble threshold) {
    return threshold.isEmpty() || !spec.isYesNo()
        ? this
        : new EvaluationWork(
            networks, feeding, spec.withThreshold((float) threshold.getAsDouble()), batch, streams);
  }

  @Override
  public Evaluator open() {
    return new Evaluator(this, new NetworkPool(networks));
  }
}
