package io.lockstep.compute;

import java.util.Arrays;

/**
 * The maximum of each window; its gradient goes to the first position that holds it, in the order
 * of rows, as in DL4J.
 *
 * <p>The maximum is taken over rows first (one loop per row), then over columns (one loop of the
 * batch's length per pixel). Where windows do not overlap, the backward pass finds the position by
 * comparing bits, branch-free: equal and not yet taken. HotSpot vectorises that on {@code int[]}.
 */
final class MaxPooling extends Pooling {
  private float[] row = new float[0];
  private float[] highest = new float[0];
  private float[] result = new float[0];
  private float[] planes = new float[0];
  private int[] inputBits = new int[0];
  private int[] outputBits = new int[0];
  private int[] gradientBits = new int[0];
  private int[] resultBits = new int[0];
  private int[] free = new int[0];

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
        raise(highest, row, length);
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
    if (w.horizontal().kernel() == 2
        && w.horizontal().first(0) == 0
        && w.horizontal().end(1) == w.outWidth()) {
      for (int x = 0; x < w.outWidth(); x++) {
        higher(
            highest,
            w.horizontal().input(x, 0) * batch,
            w.horizontal().input(x, 1) * batch,
            result,
            x * batch,
            batch);
      }
      return;
    }
    Arrays.fill(result, 0, length, Float.NEGATIVE_INFINITY);
    for (int kx = 0; kx < w.horizontal().kernel(); kx++) {
      for (int x = w.horizontal().first(kx); x < w.horizontal().end(kx); x++) {
        raise(result, x * batch, highest, w.horizontal().input(x, kx) * batch, batch);
      }
    }
  }

  private static void raise(float[] to, float[] from, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = Math.max(to[i], from[i]);
    }
  }

  private static void raise(float[] to, int toAt, float[] from, int fromAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = Math.max(to[toAt + i], from[fromAt + i]);
    }
  }

  private static void higher(float[] from, int a, int b, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] = Math.max(from[a + i], from[b + i]);
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
      for (int x = w.horizontal().first(kx); x < w.horizontal().end(kx); x++) {
        take(w.horizontal().input(x, kx) * batch, x * batch, batch);
      }
    }
    result.memory().putBits(at, resultBits, length);
  }

  private void take(int inputAt, int outputAt, int length) {
    take(inputBits, inputAt, outputBits, gradientBits, free, outputAt, resultBits, length);
  }

  /** Where input and output are the same and the output is free: the gradient; elsewhere zero. */
  private static void take(
      int[] input,
      int inputAt,
      int[] output,
      int[] gradient,
      int[] free,
      int outputAt,
      int[] result,
      int length) {
    for (int i = 0; i < length; i++) {
      int difference = input[inputAt + i] ^ output[outputAt + i];
      int equal = ~((difference | -difference) >> 31) & free[outputAt + i];
      result[inputAt + i] = gradient[outputAt + i] & equal;
      free[outputAt + i] &= ~equal;
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
