package io.lockstep.model;

import io.lockstep.compute.StepwiseNetwork;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.Optional;

/** A language model computed token by token by the kernels alone, without DL4J's network. */
final class StepwiseReader implements TokenReader {
  private final StepwiseNetwork network;

  private StepwiseReader(StepwiseNetwork network) {
    this.network = network;
  }

  /** Empty if kernels are not wanted, or do not compute all of the layers. */
  static Optional<TokenReader> of(ModelFile file, Blueprint blueprint) {
    return blueprint.compute() == Kernels.AUTO
            && blueprint.configuration() instanceof NetworkConfiguration.MultiLayer stack
        ? StepwiseNetwork.of(stack.configuration(), file.state().parameters())
            .map(StepwiseReader::new)
        : Optional.empty();
  }

  @Override
  public float[] read(int... ids) {
    for (int id : ids) {
      network.read(id);
    }
    return network.probabilities();
  }

  @Override
  public void forget() {
    network.forget();
  }

  @Override
  public void close() {}
}
