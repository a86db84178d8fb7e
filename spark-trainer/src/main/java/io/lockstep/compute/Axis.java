package io.lockstep.compute;

/**
 * One direction of a sliding window.
 *
 * @param size of the input
 * @param kernel positions in the window
 * @param stride from one window to the next
 * @param padding before the input
 * @param dilation from one position of the window to the next
 * @param out number of windows
 */
record Axis(int size, int kernel, int stride, int padding, int dilation, int out) {
  /** With the padding given: as many windows as fit. */
  static Axis padded(int size, int kernel, int stride, int padding, int dilation) {
    int extent = (kernel - 1) * dilation + 1;
    int out = (size - extent + 2 * padding) / stride + 1;
    return new Axis(size, kernel, stride, padding, dilation, out);
  }

  /** As many windows as strides begin in the input; the padding follows, the odd one behind. */
  static Axis same(int size, int kernel, int stride, int dilation) {
    int out = ceilDiv(size, stride);
    int extent = (kernel - 1) * dilation + 1;
    int missing = (out - 1) * stride + extent - size; // negative where windows leave gaps
    return new Axis(size, kernel, stride, missing / 2, dilation, out);
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Where position {@code k} of window {@code o} lies in the input; perhaps outside. */
  int input(int o, int k) {
    return o * stride - padding + k * dilation;
  }

  boolean inside(int input) {
    return input >= 0 && input < size;
  }

  /** The first window whose position {@code k} lies inside. */
  int first(int k) {
    int shift = padding - k * dilation;
    return shift <= 0 ? 0 : Math.min(out, ceilDiv(shift, stride));
  }

  /** One past the last window whose position {@code k} lies inside. */
  int end(int k) {
    int last = size - 1 + padding - k * dilation;
    return last < 0 ? 0 : Math.min(out, last / stride + 1);
  }

  /** Input positions from the first to the last of a window. */
  int extent() {
    return (kernel - 1) * dilation + 1;
  }
}
