package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.Panels;
import io.lockstep.compute.lanes.Steps;

/**
 * The forward and backward pass of an Elman network, {@code h_t = tanh(x_t W + h_{t-1} R + b)},
 * over a minibatch of sequences; {@link LstmPass} tells how. Owned by one layer.
 */
final class RnnPass extends RecurrentPass {
  RnnPass() {
    super(Sequence.plain());
  }

  /** Shapes the outputs for the sequences in the input and starts from zero. */
  void begin(int units) {
    output.resize(input.input.examples(), units, input.input.steps());
    output.clear(-1);
  }

  /**
   * Runs all steps.
   *
   * @param mask zeros and ones for the outputs, or null for none
   */
  void forward(float[] bias, StepMask mask) {
    input.beginForward();
    Panels fromOutput = recurrentWeights.panels();
    for (int step = 0; step < input.input.steps(); step++) {
      Block sums = output.block(step);
      input.forward(step, bias, sums);
      lanes.multiplyAdd(output.block(step - 1), fromOutput, sums);
      lanes.tanh(output.data(), output.at(step), output.block());
      if (mask != null) {
        mask.apply(step, output);
      }
    }
  }

  /**
   * Runs back over the steps {@code [from, steps)}. As in stock DL4J, the gradient of the recurrent
   * weights sums over pairs of steps within that range; what entered the range is a constant.
   *
   * @param started whether the state before step {@code from} counts too, as one that was given
   */
  void backward(
      int from, boolean started, StepMask mask, float[] biasGradient, boolean inputErrorWanted) {
    int steps = input.input.steps();
    Panels toOutput = recurrentWeights.transposed();
    input.beginBackward(from, inputErrorWanted);
    for (int step = steps - 1; step >= from; step--) {
      Block errors = error.block(step);
      if (step < steps - 1) {
        lanes.multiplyAdd(error.block(step + 1), toOutput, errors);
      }
      lanes.tanhBackward(
          output.data(), output.at(step), error.data(), error.at(step), output.block());
      if (mask != null) {
        mask.apply(step, error);
      }
      input.backward(step, errors);
    }
    sumOverTime(from, started ? from : from + 1, biasGradient);
  }

  private void sumOverTime(int from, int fromPair, float[] biasGradient) {
    int steps = input.input.steps();
    Steps errors = error.steps(from, steps);
    input.weightGradient(from, errors);
    lanes.sums(errors, biasGradient);
    lanes.products(
        output.steps(fromPair - 1, steps - 1),
        error.steps(fromPair, steps),
        recurrentWeights.gradient());
  }
}
