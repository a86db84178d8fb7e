package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.GruTape;
import io.lockstep.compute.lanes.Panels;
import io.lockstep.compute.lanes.Steps;
import java.util.Arrays;

/**
 * The forward and backward pass of a GRU (tanh candidates, logistic gates) over a minibatch of
 * sequences, on float arrays; {@link LstmPass} tells how. Gates in Keras' order z, r, n.
 *
 * <p>The recurrent weights are two matrices here, {@code [units, 2 units]} of the gates and {@code
 * [units, units]} of the candidate, since the reset gate stands between: before the second product,
 * or after it, and then the sums of the gates start from both biases and the product from its own.
 *
 * <p>Owned by one layer. Memory grows to the largest minibatch.
 */
final class GruPass extends RecurrentPass {
  private final Sequence gates = Sequence.plain();
  private final Sequence recurrent = Sequence.plain();
  private final Panels gateWeights = new Panels();
  private final Panels candidateWeights = new Panels();
  private float[] sumStart = new float[0];
  private float[] productStart = new float[0];
  private float[] passed = new float[0];
  private float[] candidateGradient = new float[0];
  private boolean resetAfter;
  private int units;
  private GruTape tape;

  /** The error has a start, to which {@link #backward} adds what comes back through it. */
  GruPass() {
    super(Sequence.withStart());
  }

  /**
   * Shapes everything for the sequences in the input and starts from zero; {@link
   * Sequence#loadStart} of {@link #output} may then set another start.
   */
  void begin(int units, boolean resetAfter, boolean recording) {
    this.units = units;
    this.resetAfter = resetAfter;
    int examples = input.input.examples();
    int kept = recording ? input.input.steps() : 1;
    gates.resize(examples, 3 * units, kept);
    recurrent.resize(examples, units, kept);
    output.resize(examples, units, input.input.steps());
    output.clear(-1);
  }

  /**
   * Runs all steps.
   *
   * @param bias as {@link io.lockstep.layers.GruParamInitializer} lays it out
   * @param mask factors for the outputs, or null for none
   * @param recording whether a backward pass will follow
   */
  void forward(float[] bias, StepMask mask, boolean recording) {
    input.beginForward();
    gateWeights.pack(recurrentWeights.values(), units, 2 * units);
    candidateWeights.pack(recurrentWeights.values(), candidateAt(), units, units);
    readBias(bias);
    tape =
        new GruTape(
            gates.data(), recurrent.data(), output.data(), output.block(), resetAfter, recording);
    for (int step = 0; step < input.input.steps(); step++) {
      int kept = recording ? step : 0;
      Block before = output.block(step - 1);
      input.forward(step, sumStart, gates.block(kept));
      lanes.multiplyAdd(before, gateWeights, gates.block(kept));
      if (resetAfter) {
        lanes.multiply(before, candidateWeights, productStart, recurrent.block(kept));
      }
      lanes.gruReset(tape, step);
      if (!resetAfter) {
        lanes.multiplyAdd(recurrent.block(kept), candidateWeights, gates.block(kept, 2 * units));
      }
      lanes.gruOutput(tape, step);
      if (mask != null) {
        mask.apply(step, output);
      }
    }
  }

  /** Where the candidate's part of the recurrent weights begins. */
  private int candidateAt() {
    return 2 * units * units;
  }

  private void readBias(float[] bias) {
    sumStart = Arrays.copyOf(bias, 3 * units);
    if (resetAfter) {
      for (int i = 0; i < 2 * units; i++) {
        sumStart[i] += bias[3 * units + i];
      }
      productStart = Arrays.copyOfRange(bias, 5 * units, 6 * units);
    }
  }

  /**
   * Runs back over the steps {@code [from, steps)} of the recorded forward pass; what entered them
   * is a constant. Consumes the tape and {@link #error}; leaves the gradients in the weights, in
   * {@code biasGradient} and, if wanted, in the error of {@link #input}.
   *
   * @param mask of the forward pass
   */
  void backward(int from, StepMask mask, float[] biasGradient, boolean inputErrorWanted) {
    int steps = input.input.steps();
    gateWeights.packTransposed(recurrentWeights.values(), 2 * units, units);
    candidateWeights.packTransposed(recurrentWeights.values(), candidateAt(), units, units);
    input.beginBackward(from, inputErrorWanted);
    error.clear(-1);
    if (passed.length < error.block()) {
      passed = new float[error.block()];
    }
    for (int step = steps - 1; step >= from; step--) {
      if (mask != null) {
        mask.apply(step, error);
      }
      Block before = error.block(step - 1);
      lanes.gruOutputBackward(tape, step, error.block(step), before);
      if (!resetAfter) {
        Arrays.fill(passed, 0, error.block(), 0f);
        lanes.multiplyAdd(
            gates.block(step, 2 * units), candidateWeights, new Block(passed, 0, error.width()));
      }
      lanes.gruResetBackward(tape, step, passed, before);
      if (step > from) {
        lanes.multiplyAdd(gates.block(step), gateWeights, before);
        if (resetAfter) {
          lanes.multiplyAdd(recurrent.block(step), candidateWeights, before);
        }
      }
      input.backward(step, gates.block(step));
    }
    sumOverTime(from, biasGradient);
  }

  private void sumOverTime(int from, float[] biasGradient) {
    int steps = input.input.steps();
    Steps before = output.steps(from - 1, steps - 1);
    Steps candidates = gates.steps(from, steps, 2 * units, units);
    Steps part = recurrent.steps(from, steps);
    input.weightGradient(from, gates.steps(from, steps));
    lanes.products(before, gates.steps(from, steps, 0, 2 * units), recurrentWeights.gradient());
    if (candidateGradient.length < units * units) {
      candidateGradient = new float[units * units];
    }
    lanes.products(resetAfter ? before : part, resetAfter ? part : candidates, candidateGradient);
    System.arraycopy(
        candidateGradient, 0, recurrentWeights.gradient(), candidateAt(), units * units);
    lanes.sums(gates.steps(from, steps), biasGradient);
    if (resetAfter) {
      lanes.sums(part, productStart);
      System.arraycopy(biasGradient, 0, biasGradient, 3 * units, 2 * units);
      System.arraycopy(productStart, 0, biasGradient, 5 * units, units);
    }
  }
}
