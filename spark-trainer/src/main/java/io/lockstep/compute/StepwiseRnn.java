package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Strips;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;

/** One step after the other of {@link RnnPass}. */
final class StepwiseRnn implements StepwiseLayer {
  private final Lanes lanes = Lanes.best();
  private final Strips inputWeights;
  private final Strips recurrentWeights;
  private final float[] bias;
  private final float[] sums;
  private final float[] outputs;

  StepwiseRnn(SimpleRnn layer, FlatParameters parameters) {
    int inputs = Math.toIntExact(layer.getNIn());
    int units = Math.toIntExact(layer.getNOut());
    inputWeights = parameters.matrix(inputs, units, 1);
    recurrentWeights = parameters.matrix(units, units, 1);
    bias = parameters.vector(units, 1);
    sums = new float[bias.length];
    outputs = new float[bias.length];
  }

  @Override
  public float[] step(float[] input) {
    System.arraycopy(bias, 0, sums, 0, sums.length);
    lanes.multiplyAdd(input, 0, inputWeights, sums, 0);
    lanes.multiplyAdd(outputs, 0, recurrentWeights, sums, 0);
    lanes.tanh(sums, 0, sums.length);
    System.arraycopy(sums, 0, outputs, 0, sums.length);
    return outputs;
  }

  @Override
  public void forget() {
    Arrays.fill(outputs, 0f);
  }
}
