package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;

/**
 * What the passes of all recurrent layers have: what goes in, what comes out, and both gradients.
 */
abstract class RecurrentPass {
  final Lanes lanes = Lanes.best();
  final InputProduct input = new InputProduct();

  /** The outputs; the block before the first is the state that they start from. */
  final Sequence output = Sequence.withStart();

  /** The gradient of the outputs; consumed by the backward pass. */
  final Sequence error;

  final Weights recurrentWeights = new Weights();

  RecurrentPass(Sequence error) {
    this.error = error;
  }
}
