package io.lockstep.score;

import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.exchange.Prepared;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.ingest.Dealt.Feeding;
import io.lockstep.model.Replica;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.NetworkPool;
import io.lockstep.train.Setup;
import java.util.Optional;

/**
 * What a JVM must know to score examples; a value that travels, once to each.
 *
 * @param networks builds the network
 * @param parameters of it
 * @param hash of the parameters, which are compared with it where they arrive
 * @param prepared what becomes of raw examples
 * @param preparation of the model
 * @param feeding makes minibatches of examples
 * @param outputs of the network
 * @param wanted what of them is wanted
 * @param batch examples of one forward pass
 */
@SuppressWarnings("ArrayRecordComponent") // parameters, never compared
public record ScoringWork(
    ReplicaFactory networks,
    float[] parameters,
    String hash,
    Prepared prepared,
    Preparation preparation,
    Feeding feeding,
    Outputs outputs,
    Wanted wanted,
    int batch)
    implements Setup<Scorer> {
  /**
   * @throws IllegalStateException if the parameters are not those that were sent
   */
  @Override
  public Scorer open() {
    String arrived = ParameterHash.of(parameters);
    if (!arrived.equals(hash)) {
      throw new IllegalStateException(
          "the model arrived damaged: the hash of its parameters is %s, not %s"
              .formatted(arrived, hash));
    }
    var state = new TrainingState(parameters, new float[0], 0, 0);
    return new Scorer(this, new NetworkPool(() -> loaded(state)));
  }

  private Replica loaded(TrainingState state) {
    Replica network = networks.create();
    network.load(state);
    return network;
  }

  /** What was done to the numbers that an output is to predict; empty for nothing. */
  Optional<Standardization> targets(int output) {
    return preparation.targets(output);
  }
}
