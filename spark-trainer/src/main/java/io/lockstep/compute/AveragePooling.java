package io.lockstep.compute;

import java.util.Arrays;

/** The mean of each window; its gradient is spread evenly over the positions that took part. */
final class AveragePooling extends Pooling {
  private final boolean countPadding;
  private float[] row = new float[0];
  private float[] sums = new float[0];
  private float[] result = new float[0];
  private float[] planes = new float[0];

  AveragePooling(Window window, boolean countPadding) {
    super(window);
    this.countPadding = countPadding;
  }

  @Override
  void forward(Images input, Images output) {
    Window w = window();
    int batch = input.batch();
    int in = input.width() * batch;
    int out = output.width() * batch;
    row = atLeast(row, in);
    sums = atLeast(sums, in);
    result = atLeast(result, out);
    for (int c = 0; c < input.channels(); c++) {
      for (int y = 0; y < output.height(); y++) {
        Arrays.fill(sums, 0, in, 0f);
        for (int ky = 0; ky < w.vertical().kernel(); ky++) {
          if (w.vertical().inside(w.vertical().input(y, ky))) {
            input.memory().get(c * input.plane() + w.vertical().input(y, ky) * in, row, in);
            add(row, 0, sums, 0, in);
          }
        }
        Arrays.fill(result, 0, out, 0f);
        for (int kx = 0; kx < w.horizontal().kernel(); kx++) {
          for (int x = w.horizontal().first(kx); x < w.horizontal().end(kx); x++) {
            add(sums, w.horizontal().input(x, kx) * batch, result, x * batch, batch);
          }
        }
        divide(y, batch);
        output.memory().put(c * output.plane() + y * out, result, out);
      }
    }
  }

  /** Divides {@code result}, a row of windows, by the number of positions in each. */
  private void divide(int y, int batch) {
    int rows = 0;
    for (int ky = 0; ky < window().vertical().kernel(); ky++) {
      rows += window().vertical().inside(window().vertical().input(y, ky)) ? 1 : 0;
    }
    for (int x = 0; x < window().outWidth(); x++) {
      int columns = 0;
      for (int kx = 0; kx < window().horizontal().kernel(); kx++) {
        int inputX = window().horizontal().input(x, kx);
        columns += inputX >= 0 && inputX < window().horizontal().size() ? 1 : 0;
      }
      int count = countPadding ? window().taps() : Math.max(1, rows * columns);
      scale(result, x * batch, batch, 1f / count);
    }
  }

  @Override
  void backward(Images input, Images output, Images gradient, Images result) {
    Window w = window();
    int batch = input.batch();
    int out = output.width() * batch;
    planes = atLeast(planes, input.plane());
    this.result = atLeast(this.result, out);
    for (int c = 0; c < input.channels(); c++) {
      Arrays.fill(planes, 0, input.plane(), 0f);
      for (int y = 0; y < output.height(); y++) {
        gradient.memory().get(c * output.plane() + y * out, this.result, out);
        divide(y, batch);
        for (int ky = 0; ky < w.vertical().kernel(); ky++) {
          int inputY = w.vertical().input(y, ky);
          for (int kx = 0; kx < w.horizontal().kernel() && w.vertical().inside(inputY); kx++) {
            for (int x = w.horizontal().first(kx); x < w.horizontal().end(kx); x++) {
              int target = (inputY * w.horizontal().size() + w.horizontal().input(x, kx)) * batch;
              add(this.result, x * batch, planes, target, batch);
            }
          }
        }
      }
      result.memory().put(c * input.plane(), planes, input.plane());
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  private static void scale(float[] values, int at, int length, float factor) {
    for (int i = 0; i < length; i++) {
      values[at + i] *= factor;
    }
  }
}
