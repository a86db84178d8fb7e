package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Strips;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;

/** Probabilities as {@link FastRnnOutput} computes them, of one step at a time. */
final class StepwiseSoftmax {
  private final Lanes lanes = Lanes.best();
  private final Strips weights;
  private final float[] bias;
  private final float[] sums;
  private final int units;

  StepwiseSoftmax(RnnOutputLayer layer, FlatParameters parameters) {
    units = Math.toIntExact(layer.getNOut());
    weights = parameters.matrix(Math.toIntExact(layer.getNIn()), units, 1);
    bias = layer.hasBias() ? parameters.vector(units, 1) : new float[Lanes.width(units)];
    sums = new float[bias.length];
  }

  /** One for each unit, whatever {@code to} held before. */
  void probabilities(float[] input, float[] to) {
    System.arraycopy(bias, 0, sums, 0, sums.length);
    lanes.multiplyAdd(input, 0, weights, sums, 0);
    lanes.softmax(sums, units);
    System.arraycopy(sums, 0, to, 0, units);
  }

  /** How many there are. */
  int units() {
    return units;
  }
}
