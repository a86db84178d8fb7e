package io.lockstep.compute;

import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * Pooling of images with the batch innermost, forward and backward.
 *
 * <p>Positions outside the image take no part: not in the maximum, and not in the average unless
 * the configuration counts them in its divisor. Holds its tiles, so belongs to one layer.
 */
abstract sealed class Pooling permits MaxPooling, AveragePooling {
  private final Window window;

  Pooling(Window window) {
    this.window = window;
  }

  /** The pooling that {@code configuration} asks for. */
  static Pooling of(SubsamplingLayer configuration, Window window) {
    return configuration.getPoolingType() == PoolingType.MAX
        ? new MaxPooling(window)
        : new AveragePooling(window, configuration.isAvgPoolIncludePadInDivisor());
  }

  final Window window() {
    return window;
  }

  /** Fills {@code output}. */
  abstract void forward(Images input, Images output);

  /**
   * Fills {@code result} with the gradient at the input.
   *
   * @param output what {@link #forward} made of {@code input}
   * @param gradient at the output
   */
  abstract void backward(Images input, Images output, Images gradient, Images result);

  /** Whether each input position lies under one window at most. */
  final boolean disjoint() {
    return disjoint(window.vertical()) && disjoint(window.horizontal());
  }

  private static boolean disjoint(Axis axis) {
    return axis.stride() >= axis.extent();
  }

  static float[] atLeast(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }

  static int[] atLeast(int[] array, int length) {
    return array.length < length ? new int[length] : array;
  }
}
