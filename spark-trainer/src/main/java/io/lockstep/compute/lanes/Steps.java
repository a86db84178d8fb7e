package io.lockstep.compute.lanes;

import java.util.Arrays;

/**
 * Consecutive time steps of some units for a minibatch: {@code [count, units, width]}, one block
 * after the other, or a part of each block; which is what the sums over time of a weight gradient
 * read.
 *
 * <p>Lanes beyond the minibatch take part in sums, so they hold zeros on one side of a product at
 * least.
 */
public final class Steps {
  private final float[] data;
  private final int at;
  private final int stride;
  private final int units;
  private final int width;
  private final int count;

  /** Wraps the parts; arrays are not copied. */
  public Steps(float[] data, int at, int units, int width, int count) {
    this(data, at, units, units, width, count);
  }

  /**
   * Some units of steps that hold more.
   *
   * @param stride units of a whole step
   */
  public Steps(float[] data, int at, int stride, int units, int width, int count) {
    this.data = data;
    this.at = at;
    this.stride = stride;
    this.units = units;
    this.width = width;
    this.count = count;
  }

  /** The array the steps are part of, not copied. */
  public float[] data() {
    return data;
  }

  /** Where {@code unit} of {@code step}, counted from the first of these steps, begins. */
  public int at(int step, int unit) {
    return at + (step * stride + unit) * width;
  }

  /** Units of a step. */
  public int units() {
    return units;
  }

  /** Examples, rounded up to a multiple of {@link Lanes#GROUP}. */
  public int width() {
    return width;
  }

  /** Time steps. */
  public int count() {
    return count;
  }

  /**
   * Copies some units over a stretch of time, units side by side: {@code [length, count]}, with
   * zeros for units that do not exist. Positions run through the examples of a step, then on to the
   * next step.
   */
  void interleave(int position, int length, int unit, float[] to, int toAt, int count) {
    int existing = Math.min(count, units - unit);
    if (existing < count) {
      Arrays.fill(to, toAt, toAt + length * count, 0f);
    }
    for (int done = 0; done < length; ) {
      int step = (position + done) / width;
      int lane = (position + done) % width;
      int run = Math.min(width - lane, length - done);
      int from = at(step, unit) + lane;
      for (int i = 0; i < existing; i++) {
        spread(from + i * width, run, to, toAt + done * count + i, count);
      }
      done += run;
    }
  }

  private void spread(int from, int run, float[] to, int toAt, int stride) {
    for (int i = 0; i < run; i++) {
      to[toAt + i * stride] = data[from + i];
    }
  }
}
