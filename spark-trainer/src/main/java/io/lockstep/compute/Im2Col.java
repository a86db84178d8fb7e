package io.lockstep.compute;

/**
 * Turns convolution into a product of matrices (Chellapilla, Puri, Simard 2006, "High performance
 * convolutional neural networks for document processing").
 *
 * <p>Row {@code (c, ky, kx)} of the matrix holds, for each output pixel and image, the input value
 * under that position of the window; zero where it lies outside. With the batch innermost a row is
 * made of a few runs of the input, copied whole. The matrix is made and used in tiles of columns
 * that stay in the second-level cache.
 */
final class Im2Col {
  /** Floats a tile may have. */
  private static final int TILE = 1 << 18;

  private static final int MOST_COLUMNS = 4096;
  private static final int LEAST_COLUMNS = 256;

  private final Window window;
  private final float[] zeros = new float[MOST_COLUMNS];
  private float[] shifted = new float[0];

  Im2Col(Window window) {
    this.window = window;
  }

  /**
   * How many output pixels a tile spans, for a matrix of {@code rows} rows and {@code batch}
   * images; at least one, whatever its size.
   */
  static int tilePixels(int rows, int batch) {
    int columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, TILE / rows));
    return Math.max(1, columns / batch);
  }

  /**
   * Writes the columns of output pixels {@code [from, to)}, one row of the matrix after the other.
   */
  void fill(Images input, int from, int to, Memory matrix) {
    int columns = (to - from) * input.batch();
    int row = 0;
    for (int c = 0; c < input.channels(); c++) {
      for (int ky = 0; ky < window.vertical().kernel(); ky++) {
        for (int kx = 0; kx < window.horizontal().kernel(); kx++) {
          fillRow(input, c, ky, kx, from, to, matrix, row * columns);
          row++;
        }
      }
    }
  }

  private void fillRow(
      Images input, int c, int ky, int kx, int from, int to, Memory matrix, int at) {
    int batch = input.batch();
    int firstX = window.horizontal().first(kx);
    int endX = window.horizontal().end(kx);
    int pixel = from;
    while (pixel < to) {
      int y = pixel / window.outWidth();
      int x0 = pixel % window.outWidth();
      int x1 = Math.min(window.outWidth(), x0 + to - pixel);
      int target = at + (pixel - from) * batch;
      int inputY = window.vertical().input(y, ky);
      if (window.vertical().inside(inputY)) {
        int a = Math.min(Math.max(x0, firstX), x1);
        int b = Math.max(a, Math.min(x1, endX));
        zero(matrix, target, (a - x0) * batch);
        copyRun(input, c, inputY, kx, a, b, matrix, target + (a - x0) * batch);
        zero(matrix, target + (b - x0) * batch, (x1 - b) * batch);
      } else {
        zero(matrix, target, (x1 - x0) * batch);
      }
      pixel += x1 - x0;
    }
  }

  private void copyRun(
      Images input, int c, int inputY, int kx, int a, int b, Memory matrix, int at) {
    int batch = input.batch();
    int line = c * input.plane() + inputY * input.width() * batch;
    if (window.horizontal().stride() == 1) {
      if (b > a) {
        int source = line + window.horizontal().input(a, kx) * batch;
        matrix.copy(at, input.memory(), source, (b - a) * batch);
      }
      return;
    }
    for (int x = a; x < b; x++) {
      int source = line + window.horizontal().input(x, kx) * batch;
      matrix.copy(at + (x - a) * batch, input.memory(), source, batch);
    }
  }

  private void zero(Memory matrix, int at, int length) {
    for (int i = 0; i < length; i += zeros.length) {
      matrix.put(at + i, zeros, Math.min(zeros.length, length - i));
    }
  }

  /**
   * Adds one row of a gradient in the matrix's form, output pixels {@code [from, to)}, to the
   * gradient of the input's channel: the transpose of {@link #fill}.
   *
   * <p>Each run is fetched to where it belongs in the plane, since HotSpot vectorises the addition
   * only if both arrays are indexed alike.
   *
   * @param matrix holds the row, from {@code at} on
   * @param tap position in the window
   * @param plane receives it; the channel's plane, {@code [height, width, batch]}
   */
  void addRow(Memory matrix, int at, int tap, int from, int to, float[] plane, int batch) {
    Axis across = window.horizontal();
    int ky = tap / across.kernel();
    int kx = tap % across.kernel();
    shifted = shifted.length < plane.length ? new float[plane.length] : shifted;
    int pixel = from;
    while (pixel < to) {
      int y = pixel / window.outWidth();
      int x0 = pixel % window.outWidth();
      int x1 = Math.min(window.outWidth(), x0 + to - pixel);
      int inputY = window.vertical().input(y, ky);
      int a = Math.max(x0, across.first(kx));
      int b = Math.min(x1, across.end(kx));
      if (window.vertical().inside(inputY) && a < b) {
        int line = inputY * across.size() * batch;
        int source = at + (pixel - from + a - x0) * batch;
        addRun(matrix, source, kx, a, b, plane, line, batch);
      }
      pixel += x1 - x0;
    }
  }

  private void addRun(
      Memory matrix, int source, int kx, int a, int b, float[] plane, int line, int batch) {
    Axis across = window.horizontal();
    if (across.stride() == 1) {
      add(matrix, source, plane, line + across.input(a, kx) * batch, (b - a) * batch);
      return;
    }
    for (int x = a; x < b; x++) {
      int target = line + across.input(x, kx) * batch;
      add(matrix, source + (x - a) * batch, plane, target, batch);
    }
  }

  private void add(Memory from, int fromAt, float[] plane, int at, int length) {
    from.get(fromAt, shifted, at, length);
    add(shifted, plane, at, at + length);
  }

  private static void add(float[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i++) {
      to[i] += from[i];
    }
  }
}
