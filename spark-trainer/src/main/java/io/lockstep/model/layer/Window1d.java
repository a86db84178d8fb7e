package io.lockstep.model.layer;

import static io.lockstep.config.Types.integer;

import io.lockstep.config.Type;

/** A window that moves along a sequence. */
final class Window1d {
  /** A number of time steps. */
  static final Type<Integer> SIZE = integer(1, 1 << 20);

  private Window1d() {}

  /**
   * Places that a window takes in {@code time} steps.
   *
   * @param inside whether it stays inside
   * @param window steps from its first to its last
   * @param stride steps that it moves
   */
  static long places(long time, boolean inside, long window, long stride) {
    if (!inside) {
      return (time + stride - 1) / stride;
    }
    if (window > time) {
      throw new Unfit(
          "has a window of "
              + window
              + " steps, longer than its input of "
              + time
              + "; make it shorter, or set padding: same");
    }
    return (time - window) / stride + 1;
  }
}
