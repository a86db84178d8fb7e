package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.LstmTape;
import io.lockstep.compute.lanes.Panels;
import io.lockstep.compute.lanes.Steps;
import java.util.Arrays;

/**
 * The forward and backward pass of an LSTM (tanh cells, logistic gates, no peepholes) over a
 * minibatch of sequences, on float arrays; knows nothing of DL4J but its order of gates: block
 * input, forget, output, input gate.
 *
 * <p>Forward, per step: bias, {@code x_t W}, {@code h_{t-1} R}, all four gates in one product each;
 * then one pointwise pass. The gates stay on the tape, so that the backward pass need not repeat
 * the forward pass. Backward, per step: the error from above plus {@code dz_{t+1} R'}; one
 * pointwise pass; {@code dz_t W'} for the layer below. The gradients of W, R and the bias are sums
 * over all steps at once, after the loop.
 *
 * <p>Owned by one layer. Memory grows to the largest minibatch.
 */
final class LstmPass extends RecurrentPass {
  private final Sequence gates = Sequence.plain();
  private final Sequence cells = Sequence.withStart();
  private final Sequence squashed = Sequence.plain();
  private final Sequence maskedCells = Sequence.plain();
  private float[] cellError = new float[0];
  private LstmTape tape;

  LstmPass() {
    super(Sequence.plain());
  }

  Sequence cells() {
    return cells;
  }

  /** The tape's last cells, wherever a tape that does not record keeps them. */
  int lastCells(boolean recorded) {
    return recorded ? input.input.steps() - 1 : -1;
  }

  /**
   * Shapes everything for the sequences in the input and starts from zero; {@link
   * Sequence#loadStart} of {@link #output} and {@link #cells} may then set another start.
   */
  void begin(int units, boolean recording) {
    int examples = input.input.examples();
    int steps = input.input.steps();
    int kept = recording ? steps : 1;
    gates.resize(examples, 4 * units, kept);
    cells.resize(examples, units, recording ? steps : 0);
    squashed.resize(examples, units, kept);
    output.resize(examples, units, steps);
    cells.clear(-1);
    output.clear(-1);
  }

  /**
   * Runs all steps.
   *
   * @param bias one per gate and unit
   * @param mask factors for outputs and cells, or null for none
   * @param recording whether a backward pass will follow
   */
  void forward(float[] bias, StepMask mask, boolean recording) {
    input.beginForward();
    Panels fromOutput = recurrentWeights.panels();
    Sequence carried = mask == null || !recording ? squashed : maskedCells;
    if (carried == maskedCells) {
      maskedCells.resize(input.input.examples(), output.units(), input.input.steps());
    }
    tape =
        new LstmTape(
            gates.data(),
            cells.data(),
            squashed.data(),
            carried.data(),
            output.data(),
            output.block(),
            recording);
    for (int step = 0; step < input.input.steps(); step++) {
      Block sums = gates.block(recording ? step : 0);
      input.forward(step, bias, sums);
      lanes.multiplyAdd(output.block(step - 1), fromOutput, sums);
      lanes.lstmForward(tape, step);
      if (mask != null) {
        mask(step, mask, recording);
      }
    }
  }

  /** As stock DL4J does: outputs and the cells carried on are multiplied by the mask. */
  private void mask(int step, StepMask mask, boolean recording) {
    mask.apply(step, output);
    mask.apply(step, cells, recording ? step : -1);
    if (!recording) {
      return;
    }
    int block = output.block();
    int to = maskedCells.at(step);
    if (mask.whole(step)) {
      System.arraycopy(squashed.data(), squashed.at(step), maskedCells.data(), to, block);
      return;
    }
    System.arraycopy(cells.data(), tape.nextCellsAt(step), maskedCells.data(), to, block);
    lanes.tanh(maskedCells.data(), to, block);
  }

  /**
   * Runs back over the steps {@code [from, steps)} of the recorded forward pass. Consumes the tape
   * and {@link #error}; leaves the gradients in the weights, in {@code biasGradient} and, if
   * wanted, in the error of {@link #input}.
   */
  void backward(int from, float[] biasGradient, boolean inputErrorWanted) {
    int steps = input.input.steps();
    Panels toOutput = recurrentWeights.transposed();
    input.beginBackward(from, inputErrorWanted);
    if (cellError.length < output.block()) {
      cellError = new float[output.block()];
    }
    Arrays.fill(cellError, 0, output.block(), 0f);
    for (int step = steps - 1; step >= from; step--) {
      Block errors = error.block(step);
      if (step < steps - 1) {
        lanes.multiplyAdd(gates.block(step + 1), toOutput, errors);
      }
      lanes.lstmBackward(tape, step, errors, cellError);
      input.backward(step, gates.block(step));
    }
    sumOverTime(from, biasGradient);
  }

  private void sumOverTime(int from, float[] biasGradient) {
    int steps = input.input.steps();
    Steps errors = gates.steps(from, steps);
    input.weightGradient(from, errors);
    lanes.products(output.steps(from - 1, steps - 1), errors, recurrentWeights.gradient());
    lanes.sums(errors, biasGradient);
  }
}
