package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.LstmTape;
import io.lockstep.compute.lanes.Strips;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.LSTM;

/** One step after the other of {@link LstmPass}. */
final class StepwiseLstm implements StepwiseLayer {
  private static final int GATES = 4;

  private final Lanes lanes = Lanes.best();
  private final Strips inputWeights;
  private final Strips recurrentWeights;
  private final float[] bias;
  private final LstmTape tape;

  StepwiseLstm(LSTM layer, FlatParameters parameters) {
    int inputs = Math.toIntExact(layer.getNIn());
    int units = Math.toIntExact(layer.getNOut());
    inputWeights = parameters.matrix(inputs, GATES * units, GATES);
    recurrentWeights = parameters.matrix(units, GATES * units, GATES);
    bias = parameters.vector(GATES * units, GATES);
    int block = Lanes.width(units);
    float[] squashed = new float[block];
    tape =
        new LstmTape(
            new float[GATES * block],
            new float[block],
            squashed,
            squashed,
            new float[2 * block],
            block,
            false);
  }

  @Override
  public float[] step(float[] input) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    System.arraycopy(bias, 0, gates, 0, gates.length);
    lanes.multiplyAdd(input, 0, inputWeights, gates, 0);
    lanes.multiplyAdd(outputs, 0, recurrentWeights, gates, 0);
    lanes.lstmForward(tape, 0);
    System.arraycopy(outputs, tape.outputsAt(0), outputs, 0, tape.block());
    return outputs;
  }

  @Override
  public void forget() {
    Arrays.fill(tape.cells(), 0f);
    Arrays.fill(tape.outputs(), 0f);
  }
}
