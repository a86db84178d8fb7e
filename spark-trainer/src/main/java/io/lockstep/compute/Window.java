package io.lockstep.compute;

import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * How a kernel's window slides over an image: the geometry of convolution and pooling alike.
 *
 * @param vertical from top to bottom
 * @param horizontal from left to right
 */
record Window(Axis vertical, Axis horizontal) {
  /**
   * The geometry of DL4J's modes: {@code Strict} and {@code Truncate} with the padding given, which
   * differ only in what they refuse, and {@code Same}, which derives the padding.
   *
   * @param shape kernel, stride, padding and dilation, {@code [4][height, width]}
   */
  static Window of(ConvolutionMode mode, int[][] shape, int height, int width) {
    return new Window(axis(mode, shape, 0, height), axis(mode, shape, 1, width));
  }

  private static Axis axis(ConvolutionMode mode, int[][] shape, int i, int size) {
    return mode == ConvolutionMode.Same
        ? Axis.same(size, shape[0][i], shape[1][i], shape[3][i])
        : Axis.padded(size, shape[0][i], shape[1][i], shape[2][i], shape[3][i]);
  }

  boolean fits(Images input) {
    return input.height() == vertical.size() && input.width() == horizontal.size();
  }

  /** Positions in one window. */
  int taps() {
    return vertical.kernel() * horizontal.kernel();
  }

  int outHeight() {
    return vertical.out();
  }

  int outWidth() {
    return horizontal.out();
  }

  /** Pixels of the output, per channel. */
  int outPixels() {
    return outHeight() * outWidth();
  }
}
