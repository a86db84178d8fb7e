package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Panels;
import io.lockstep.compute.lanes.Steps;

/**
 * What a recurrent layer does with its input: the product with the input weights at every step,
 * their gradient, and the gradient for the layer below. Picks instead of multiplying where the
 * input is {@link OneHot}. Owned by one layer.
 */
final class InputProduct {
  private final Lanes lanes = Lanes.best();
  private final OneHot oneHot = new OneHot();

  final Sequence input = Sequence.plain();

  /** The gradient for the layer below. */
  final Sequence error = Sequence.plain();

  final Weights weights = new Weights();
  private boolean hot;
  private Panels panels;
  private Panels transposed;

  /** Prepares the forward pass, once {@link #input} and {@link #weights} are loaded. */
  void beginForward() {
    hot = oneHot.matches(input);
    panels = hot ? null : weights.panels();
  }

  /** Sets {@code sums} to {@code bias + x_t W}. */
  void forward(int step, float[] bias, Block sums) {
    if (hot) {
      oneHot.multiply(step, weights, bias, sums);
    } else {
      lanes.multiply(input.block(step), panels, bias, sums);
    }
  }

  /** Prepares the backward pass over the steps from {@code from} on. */
  void beginBackward(int from, boolean errorWanted) {
    transposed = errorWanted ? weights.transposed() : null;
    error.resize(input.examples(), input.units(), input.steps());
    for (int step = 0; step < from && errorWanted; step++) {
      error.clear(step);
    }
  }

  /** Computes the gradient for the layer below, if it is wanted, from that of the sums. */
  void backward(int step, Block sums) {
    if (transposed != null) {
      error.clear(step);
      lanes.multiplyAdd(sums, transposed, error.block(step));
    }
  }

  /** Sums the gradient of the weights over the steps from {@code from} on. */
  void weightGradient(int from, Steps sums) {
    if (hot) {
      oneHot.products(from, sums, weights.gradient());
    } else {
      lanes.products(input.steps(from, input.steps()), sums, weights.gradient());
    }
  }
}
