package io.lockstep.compute;

import java.util.Arrays;

/**
 * The maximum of each window; its gradient goes to the first position that holds it, in the order
 * of rows, as in DL4J.
 *
 * <p>The maximum is taken over rows first, then over columns, which are gathered so that both loops
 * run over a whole row at once. Where windows do not overlap, the backward pass finds the position
 * by comparing bits, branch-free: equal and not yet taken. HotSpot vectorises that on {@code
 * int[]}, and only if all arrays are indexed alike.
 */
final class MaxPooling extends Pooling {
  private float[] row = new float[0];
  private float[] highest = new float[0];
  private float[] result = new float[0];
  private float[] column = new float[0];
  private float[] planes = new float[0];
  private int[] inputBits = new int[0];
  private int[] outputBits = new int[0];
  private int[] gradientBits = new int[0];
  private int[] resultBits = new int[0];
  private int[] free = new int[0];
  private int[] columnBits = new int[0];

  MaxPooling(Window window) {
    super(window);
  }

  @Override
  void forward(Images input, Images output) {
    int in = input.width() * input.batch();
    int out = output.width() * output.batch();
    row = atLeast(row, in);
    highest = atLeast(highest, in);
    result = atLeast(result, out);
    for (int c = 0; c < input.channels(); c++) {
      for (int y = 0; y < output.height(); y++) {
        overRows(input, c, y, in);
        overColumns(input.batch(), out);
        output.memory().put(c * output.plane() + y * out, result, out);
      }
    }
  }

  private void overRows(Images input, int c, int y, int length) {
    boolean started = false;
    for (int ky = 0; ky < window().vertical().kernel(); ky++) {
      int inputY = window().vertical().input(y, ky);
      if (!window().vertical().inside(inputY)) {
        continue;
      }
      int at = c * input.plane() + inputY * length;
      if (started) {
        input.memory().get(at, row, length);
        raise(highest, row, 0, length);
      } else {
        input.memory().get(at, highest, length);
        started = true;
      }
    }
    if (!started) {
      Arrays.fill(highest, 0, length, Float.NEGATIVE_INFINITY);
    }
  }

  private void overColumns(int batch, int length) {
    Window w = window();
    Arrays.fill(result, 0, length, Float.NEGATIVE_INFINITY);
    column = atLeast(column, length);
    for (int kx = 0; kx < w.horizontal().kernel(); kx++) {
      int first = w.horizontal().first(kx);
      int end = w.horizontal().end(kx);
      for (int x = first; x < end; x++) {
        System.arraycopy(highest, w.horizontal().input(x, kx) * batch, column, x * batch, batch);
      }
      raise(result, column, first * batch, end * batch);
    }
  }

  private static void raise(float[] to, float[] from, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] = Math.max(to[i], from[i]);
    }
  }

  @Override
  void backward(Images input, Images output, Images gradient, Images result) {
    if (disjoint()) {
      select(input, output, gradient, result);
    } else {
      add(input, output, gradient, result);
    }
  }

  private void select(Images input, Images output, Images gradient, Images result) {
    int in = input.width() * input.batch();
    int out = output.width() * output.batch();
    inputBits = atLeast(inputBits, in);
    resultBits = atLeast(resultBits, in);
    outputBits = atLeast(outputBits, out);
    gradientBits = atLeast(gradientBits, out);
    free = atLeast(free, out);
    columnBits = atLeast(columnBits, out);
    boolean[] covered = coveredRows();
    for (int c = 0; c < input.channels(); c++) {
      for (int y = 0; y < output.height(); y++) {
        output.memory().getBits(c * output.plane() + y * out, outputBits, out);
        gradient.memory().getBits(c * output.plane() + y * out, gradientBits, out);
        Arrays.fill(free, 0, out, -1);
        for (int ky = 0; ky < window().vertical().kernel(); ky++) {
          int inputY = window().vertical().input(y, ky);
          if (window().vertical().inside(inputY)) {
            selectRow(input, result, c * input.plane() + inputY * in, in);
          }
        }
      }
      Arrays.fill(resultBits, 0, in, 0);
      for (int y = 0; y < input.height(); y++) {
        if (!covered[y]) {
          result.memory().putBits(c * input.plane() + y * in, resultBits, in);
        }
      }
    }
  }

  private void selectRow(Images input, Images result, int at, int length) {
    Window w = window();
    int batch = input.batch();
    input.memory().getBits(at, inputBits, length);
    if (w.horizontal().kernel() * w.outWidth() != w.horizontal().size()) {
      Arrays.fill(resultBits, 0, length, 0);
    }
    for (int kx = 0; kx < w.horizontal().kernel(); kx++) {
      int first = w.horizontal().first(kx);
      int end = w.horizontal().end(kx);
      for (int x = first; x < end; x++) {
        System.arraycopy(
            inputBits, w.horizontal().input(x, kx) * batch, columnBits, x * batch, batch);
      }
      take(columnBits, outputBits, gradientBits, free, first * batch, end * batch);
      for (int x = first; x < end; x++) {
        System.arraycopy(
            columnBits, x * batch, resultBits, w.horizontal().input(x, kx) * batch, batch);
      }
    }
    result.memory().putBits(at, resultBits, length);
  }

  /**
   * Replaces each input by the gradient where it equals the output and the output is free, else by
   * zero.
   */
  private static void take(
      int[] input, int[] output, int[] gradient, int[] free, int from, int to) {
    for (int i = from; i < to; i++) {
      int difference = input[i] ^ output[i];
      int equal = ~((difference | -difference) >> 31) & free[i];
      input[i] = gradient[i] & equal;
      free[i] &= ~equal;
    }
  }

  private boolean[] coveredRows() {
    boolean[] covered = new boolean[window().vertical().size()];
    for (int y = 0; y < window().outHeight(); y++) {
      for (int ky = 0; ky < window().vertical().kernel(); ky++) {
        if (window().vertical().inside(window().vertical().input(y, ky))) {
          covered[window().vertical().input(y, ky)] = true;
        }
      }
    }
    return covered;
  }

  /** Overlapping windows: gradients add up. */
  private void add(Images input, Images output, Images gradient, Images result) {
    int plane = input.plane();
    int out = output.width() * output.batch();
    highest = atLeast(highest, plane);
    planes = atLeast(planes, plane);
    this.result = atLeast(this.result, out);
    row = atLeast(row, out);
    for (int c = 0; c < input.channels(); c++) {
      input.memory().get(c * plane, highest, plane);
      Arrays.fill(planes, 0, plane, 0f);
      for (int y = 0; y < output.height(); y++) {
        output.memory().get(c * output.plane() + y * out, this.result, out);
        gradient.memory().get(c * output.plane() + y * out, row, out);
        for (int i = 0; i < out; i++) {
          int position = firstEqual(y, i / input.batch(), i % input.batch(), input.batch(), i);
          if (position >= 0) {
            planes[position] += row[i];
          }
        }
      }
      result.memory().put(c * plane, planes, plane);
    }
  }

  private int firstEqual(int y, int x, int n, int batch, int i) {
    for (int ky = 0; ky < window().vertical().kernel(); ky++) {
      int inputY = window().vertical().input(y, ky);
      if (!window().vertical().inside(inputY)) {
        continue;
      }
      for (int kx = 0; kx < window().horizontal().kernel(); kx++) {
        int inputX = window().horizontal().input(x, kx);
        if (inputX >= 0 && inputX < window().horizontal().size()) {
          int position = (inputY * window().horizontal().size() + inputX) * batch + n;
          if (highest[position] == result[i]) {
            return position;
          }
        }
      }
    }
    return -1;
  }
}
