package io.lockstep.compute;

/**
 * Sums and linear combinations over one channel of images, in tiles.
 *
 * <p>A sum is taken in eight double lanes, by position in the channel, so its bits follow from the
 * values alone. Holds its tiles, so belongs to one layer.
 */
final class Planes {
  private static final int TILE = 2048;
  private static final int LANES = 8;

  private final float[] a = new float[TILE];
  private final float[] b = new float[TILE];
  private final double[] lanes = new double[LANES];

  /**
   * {@code scale * gradient + slope * (x - mean) + offset}.
   *
   * @param scale of the gradient
   * @param slope of the centred input
   * @param mean of the input
   * @param offset added last
   */
  record Combination(float scale, float slope, float mean, float offset) {}

  /** The sum of channel {@code c}. */
  double sum(Images images, int c) {
    clear();
    for (int at = 0; at < images.plane(); at += TILE) {
      int n = load(images, c, at, a);
      addAll(a, n);
    }
    return total();
  }

  /** The sum of {@code (x - mean)^2} over channel {@code c}. */
  double squares(Images images, int c, float mean) {
    clear();
    for (int at = 0; at < images.plane(); at += TILE) {
      int n = load(images, c, at, a);
      for (int i = 0; i < n; i++) {
        a[i] = (a[i] - mean) * (a[i] - mean);
      }
      addAll(a, n);
    }
    return total();
  }

  /** The sum of {@code g (x - mean)} over channel {@code c}. */
  double product(Images gradient, Images images, int c, float mean) {
    clear();
    for (int at = 0; at < images.plane(); at += TILE) {
      int n = load(images, c, at, a);
      load(gradient, c, at, b);
      for (int i = 0; i < n; i++) {
        a[i] = (a[i] - mean) * b[i];
      }
      addAll(a, n);
    }
    return total();
  }

  /** {@code result = (x - mean) * scale + offset} over channel {@code c}. */
  void shiftScale(Images images, int c, float mean, float scale, float offset, Images result) {
    for (int at = 0; at < images.plane(); at += TILE) {
      int n = load(images, c, at, a);
      for (int i = 0; i < n; i++) {
        a[i] = (a[i] - mean) * scale + offset;
      }
      result.memory().put(c * result.plane() + at, a, n);
    }
  }

  /** Fills channel {@code c} of {@code result} with a combination of gradient and input. */
  void combine(Images gradient, Images images, int c, Combination by, Images result) {
    for (int at = 0; at < images.plane(); at += TILE) {
      int n = load(images, c, at, a);
      load(gradient, c, at, b);
      combine(b, a, by.scale, by.slope, by.mean, by.offset, n);
      result.memory().put(c * result.plane() + at, b, n);
    }
  }

  private static void combine(
      float[] g, float[] x, float scale, float slope, float mean, float offset, int n) {
    for (int i = 0; i < n; i++) {
      g[i] = scale * g[i] + (slope * (x[i] - mean) + offset);
    }
  }

  private static int load(Images images, int c, int at, float[] tile) {
    int n = Math.min(TILE, images.plane() - at);
    images.memory().get(c * images.plane() + at, tile, n);
    return n;
  }

  private void clear() {
    java.util.Arrays.fill(lanes, 0);
  }

  private void addAll(float[] values, int n) {
    double l0 = lanes[0];
    double l1 = lanes[1];
    double l2 = lanes[2];
    double l3 = lanes[3];
    double l4 = lanes[4];
    double l5 = lanes[5];
    double l6 = lanes[6];
    double l7 = lanes[7];
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      l0 += values[i];
      l1 += values[i + 1];
      l2 += values[i + 2];
      l3 += values[i + 3];
      l4 += values[i + 4];
      l5 += values[i + 5];
      l6 += values[i + 6];
      l7 += values[i + 7];
    }
    for (; i < n; i++) {
      l0 += values[i];
    }
    lanes[0] = l0;
    lanes[1] = l1;
    lanes[2] = l2;
    lanes[3] = l3;
    lanes[4] = l4;
    lanes[5] = l5;
    lanes[6] = l6;
    lanes[7] = l7;
  }

  private double total() {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }
}
