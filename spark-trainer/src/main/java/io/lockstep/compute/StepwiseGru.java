package io.lockstep.compute;

import io.lockstep.compute.lanes.GruTape;
import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Strips;
import io.lockstep.layers.GRU;
import java.util.Arrays;

/** One step after the other of {@link GruPass}. */
final class StepwiseGru implements StepwiseLayer {
  private static final int GATES = 3;

  private final Lanes lanes = Lanes.best();
  private final Strips inputWeights;
  private final Strips gateWeights;
  private final Strips candidateWeights;
  private final float[] sumStart;
  private final float[] productStart;
  private final GruTape tape;

  StepwiseGru(GRU layer, FlatParameters parameters) {
    int inputs = Math.toIntExact(layer.getNIn());
    int units = Math.toIntExact(layer.getNOut());
    int block = Lanes.width(units);
    inputWeights = parameters.matrix(inputs, GATES * units, GATES);
    gateWeights = parameters.matrix(units, 2 * units, 2);
    candidateWeights = parameters.matrix(units, units, 1);
    sumStart = parameters.vector(GATES * units, GATES);
    productStart = new float[block];
    if (layer.isResetAfter()) {
      float[] ofGates = parameters.vector(2 * units, 2);
      for (int i = 0; i < 2 * block; i++) {
        sumStart[i] += ofGates[i];
      }
      System.arraycopy(parameters.vector(units, 1), 0, productStart, 0, block);
    }
    tape =
        new GruTape(
            new float[GATES * block],
            new float[block],
            new float[2 * block],
            block,
            layer.isResetAfter(),
            false);
  }

  @Override
  public float[] step(float[] input) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    float[] recurrent = tape.recurrent();
    System.arraycopy(sumStart, 0, gates, 0, gates.length);
    lanes.multiplyAdd(input, 0, inputWeights, gates, 0);
    lanes.multiplyAdd(outputs, 0, gateWeights, gates, 0);
    if (tape.resetAfter()) {
      System.arraycopy(productStart, 0, recurrent, 0, tape.block());
      lanes.multiplyAdd(outputs, 0, candidateWeights, recurrent, 0);
    }
    lanes.gruReset(tape, 0);
    if (!tape.resetAfter()) {
      lanes.multiplyAdd(recurrent, 0, candidateWeights, gates, 2 * tape.block());
    }
    lanes.gruOutput(tape, 0);
    System.arraycopy(outputs, tape.outputsAt(0), outputs, 0, tape.block());
    return outputs;
  }

  @Override
  public void forget() {
    Arrays.fill(tape.outputs(), 0f);
  }
}
