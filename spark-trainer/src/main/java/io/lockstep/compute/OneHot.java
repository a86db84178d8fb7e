package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Steps;
import java.util.Arrays;

/**
 * Sequences of which every step of every example has at most one unit that is not zero, such as
 * one-hot symbols: their products with weights pick instead of multiplying.
 *
 * <p>The sums are those of {@link Lanes#multiplyAdd} and {@link Lanes#products} without the terms
 * that are zero, in the same order; since adding zero changes nothing, so are the bits, as long as
 * weights and gradients are finite. Owned by one layer.
 */
final class OneHot {
  /** Below it the dense product is as fast. */
  private static final int FEWEST_UNITS = 8;

  /** The unit that is not zero, {@code [steps, width]}; 0 where all are zero. */
  private int[] unit = new int[0];

  /** Its value, {@code [steps, width]}. */
  private float[] value = new float[0];

  private int units;
  private int width;

  /** Looks at {@code sequence}; false, and unusable, if some step of some example is not so. */
  boolean matches(Sequence sequence) {
    units = sequence.units();
    width = sequence.width();
    int count = sequence.steps() * width;
    if (units < FEWEST_UNITS) {
      return false;
    }
    if (unit.length < count) {
      unit = new int[count];
      value = new float[count];
    }
    Arrays.fill(unit, 0, count, 0);
    Arrays.fill(value, 0, count, 0f);
    for (int step = 0; step < sequence.steps(); step++) {
      if (!matches(sequence, step)) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(Sequence sequence, int step) {
    float[] data = sequence.data();
    for (int u = 0; u < units; u++) {
      int from = sequence.at(step) + u * width;
      int to = step * width;
      for (int i = 0; i < width; i++) {
        float x = data[from + i];
        if (x != 0f) {
          if (value[to + i] != 0f) {
            return false;
          }
          value[to + i] = x;
          unit[to + i] = u;
        }
      }
    }
    return true;
  }

  /** {@link Lanes#multiply} of one step. */
  void multiply(int step, Weights weights, float[] start, Block to) {
    float[] matrix = weights.values();
    for (int column = 0; column < weights.columns(); column++) {
      int at = to.at() + column * width;
      pick(step * width, matrix, column * units, start[column], to.data(), at);
    }
  }

  private void pick(int hot, float[] matrix, int from, float start, float[] to, int at) {
    for (int i = 0; i < width; i++) {
      to[at + i] = Math.fma(value[hot + i], matrix[from + unit[hot + i]], start);
    }
  }

  /** {@link Lanes#products} of the steps from {@code from} on with {@code g}. */
  void products(int from, Steps g, float[] out) {
    Arrays.fill(out, 0, units * g.units(), 0f);
    for (int step = 0; step < g.count(); step++) {
      int hot = (from + step) * width;
      for (int column = 0; column < g.units(); column++) {
        add(hot, g.data(), g.at(step, column), out, column * units);
      }
    }
  }

  private void add(int hot, float[] g, int at, float[] out, int to) {
    for (int i = 0; i < width; i++) {
      int sum = to + unit[hot + i];
      out[sum] = Math.fma(value[hot + i], g[at + i], out[sum]);
    }
  }
}
