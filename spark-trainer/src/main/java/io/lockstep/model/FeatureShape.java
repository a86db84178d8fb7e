package io.lockstep.model;

import java.util.Arrays;

/** Shape of what flows between layers, for one example. */
sealed interface FeatureShape {
  /** Number of values. */
  long size();

  /** An image, in DL4J's order. */
  record Image(long channels, long height, long width) implements FeatureShape {
    @Override
    public long size() {
      return channels * height * width;
    }

    @Override
    public String toString() {
      return channels + " x " + height + " x " + width;
    }
  }

  /** A row of numbers. */
  record Row(long size) implements FeatureShape {
    @Override
    public String toString() {
      return String.valueOf(size);
    }
  }

  /**
   * Shape of the data.
   *
   * @param shape {@code [channels, height, width]}, {@code [height, width]} or {@code [features]}
   */
  static FeatureShape of(int[] shape) {
    return switch (shape.length) {
      case 1 -> new Row(shape[0]);
      case 3 -> new Image(shape[0], shape[1], shape[2]);
      default ->
          throw new io.lockstep.data.InputException(
              "Examples of shape "
                  + Arrays.toString(shape)
                  + " cannot be trained: only [features] and [channels, height, width] can");
    };
  }
}
