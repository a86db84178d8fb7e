package io.lockstep.compute;

import io.lockstep.compute.lanes.Block;
import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Steps;
import java.util.Arrays;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A minibatch of sequences on the Java heap: {@code [steps, units, width]}, with the examples side
 * by side and padded with zeros to a multiple of eight. That is the memory of DL4J's {@code [batch,
 * units, steps]} in {@code 'f'} order, but for the padding; arrays in other orders are rearranged
 * while they are copied.
 *
 * <p>Memory grows to the largest minibatch and stays. Owned by one layer, so by one thread at a
 * time.
 */
final class Sequence {
  /** Blocks before the first step, for the state that a sequence starts from. */
  private final int lead;

  private float[] data = new float[0];
  private float[] raw = new float[0];
  private int examples;
  private int units;
  private int steps;
  private int width;

  private Sequence(int lead) {
    this.lead = lead;
  }

  /** A sequence that begins at step 0. */
  static Sequence plain() {
    return new Sequence(0);
  }

  /** A sequence with one block more, step -1, before the first. */
  static Sequence withStart() {
    return new Sequence(1);
  }

  /** Takes a new shape; contents are undefined after it. */
  void resize(int examples, int units, int steps) {
    this.examples = examples;
    this.units = units;
    this.steps = steps;
    this.width = Lanes.width(examples);
    data = atLeast(data, (lead + steps) * (long) block());
  }

  private static float[] atLeast(float[] array, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          length
              + " floats of one layer's sequences do not fit a Java array; use a smaller batch"
              + " or truncated backpropagation");
    }
    return array.length >= length ? array : new float[(int) length];
  }

  float[] data() {
    return data;
  }

  int examples() {
    return examples;
  }

  int units() {
    return units;
  }

  int steps() {
    return steps;
  }

  int width() {
    return width;
  }

  /** Floats in one step. */
  int block() {
    return units * width;
  }

  int at(int step) {
    return (lead + step) * block();
  }

  Block block(int step) {
    return new Block(data, at(step), width);
  }

  /** The units of a step from {@code unit} on. */
  Block block(int step, int unit) {
    return new Block(data, at(step) + unit * width, width);
  }

  void clear(int step) {
    Arrays.fill(data, at(step), at(step + 1), 0f);
  }

  /** Multiplies every unit of a step by one factor per example. */
  void scale(int step, float[] factors, int from) {
    int at = at(step);
    for (int unit = 0; unit < units; unit++) {
      for (int i = 0; i < width; i++) {
        data[at + unit * width + i] *= factors[from + i];
      }
    }
  }

  /** Sets the lanes beyond the minibatch to zero, so that sums over time do not see them. */
  void clearPadding() {
    if (examples == width) {
      return;
    }
    for (int row = 0; row < steps * units; row++) {
      Arrays.fill(data, at(0) + row * width + examples, at(0) + (row + 1) * width, 0f);
    }
  }

  /** Subtracts {@code other}, a sequence of the same shape. */
  void subtract(Sequence other) {
    int length = steps * block();
    for (int i = 0; i < length; i++) {
      data[at(0) + i] -= other.data[other.at(0) + i];
    }
  }

  /** Copies {@code array}, {@code [examples, units, steps]} in any order, of type FLOAT. */
  void load(INDArray array) {
    resize((int) array.size(0), (int) array.size(1), (int) array.size(2));
    if (width == examples && isFortran(array)) {
      Memory.of(array).get(0, data, at(0), (int) array.length());
      return;
    }
    INDArray dense = isDense(array) ? array : array.dup('f');
    raw = atLeast(raw, dense.length());
    Memory.of(dense).get(0, raw, (int) dense.length());
    int perExample = dense.stride(0);
    for (int unit = 0; unit < units; unit++) {
      for (int step = 0; step < steps; step++) {
        int from = unit * dense.stride(1) + step * dense.stride(2);
        int to = at(step) + unit * width;
        for (int i = 0; i < examples; i++) {
          data[to + i] = raw[from + i * perExample];
        }
        Arrays.fill(data, to + examples, to + width, 0f);
      }
    }
  }

  /** Copies {@code state}, {@code [examples, units]} in any order, to the block before step 0. */
  void loadStart(INDArray state) {
    for (int unit = 0; unit < units; unit++) {
      int to = at(-1) + unit * width;
      for (int i = 0; i < examples; i++) {
        data[to + i] = state.getFloat(i, unit);
      }
      Arrays.fill(data, to + examples, to + width, 0f);
    }
  }

  /**
   * An array of all steps in a workspace, {@code [examples, units, steps]} in {@code 'f'} order.
   */
  INDArray toArray(ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray array = uninitialised(type, workspaces);
    store(array);
    return array;
  }

  /** An array of this shape with undefined contents. */
  INDArray uninitialised(ArrayType type, LayerWorkspaceMgr workspaces) {
    return workspaces.createUninitialized(
        type, DataType.FLOAT, new long[] {examples, units, steps}, 'f');
  }

  /** Copies all steps to {@code array}, {@code [examples, units, steps]} in {@code 'f'} order. */
  private void store(INDArray array) {
    if (width == examples) {
      Memory.of(array).put(0, data, at(0), steps * block());
      return;
    }
    raw = atLeast(raw, array.length());
    for (int row = 0; row < steps * units; row++) {
      System.arraycopy(data, at(0) + row * width, raw, row * examples, examples);
    }
    Memory.of(array).put(0, raw, steps * units * examples);
  }

  /** A copy of one step, {@code [examples, units]}, outside all workspaces. */
  INDArray detached(int step) {
    float[] values = new float[examples * units];
    for (int unit = 0; unit < units; unit++) {
      System.arraycopy(data, at(step) + unit * width, values, unit * examples, examples);
    }
    INDArray state = Nd4j.createUninitializedDetached(DataType.FLOAT, 'f', examples, units);
    Memory.of(state).put(0, values, values.length);
    return state;
  }

  /** The steps {@code [from, to)}, for the sums over time; step -1 may be the first. */
  Steps steps(int from, int to) {
    return new Steps(data, at(from), units, width, to - from);
  }

  /** The units {@code [first, first + count)} of the steps {@code [from, to)}. */
  Steps steps(int from, int to, int first, int count) {
    return new Steps(data, at(from) + first * width, units, count, width, to - from);
  }

  private static boolean isFortran(INDArray array) {
    long expected = 1;
    for (int d = 0; d < array.rank(); d++) {
      if (array.size(d) != 1 && array.stride(d) != expected) {
        return false;
      }
      expected *= array.size(d);
    }
    return true;
  }

  /** Whether the elements fill one stretch of memory, in whatever order of dimensions. */
  private static boolean isDense(INDArray array) {
    long last = 0;
    for (int d = 0; d < array.rank(); d++) {
      if (array.size(d) != 1) {
        if (array.stride(d) <= 0) {
          return false;
        }
        last += (array.size(d) - 1) * array.stride(d);
      }
    }
    return last + 1 == array.length();
  }
}
