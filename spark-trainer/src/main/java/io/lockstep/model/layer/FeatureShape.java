package io.lockstep.model.layer;

import java.util.Arrays;

/** Shape of what flows between layers, for one example. */
public sealed interface FeatureShape {
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
   * A sequence of rows, in DL4J's order.
   *
   * @param features of each time step
   * @param time steps, or {@link #UNKNOWN} where lengths differ
   */
  record Steps(long features, long time) implements FeatureShape {
    /** Length of sequences that differ in length. */
    public static final long UNKNOWN = -1;

    /** Values of a sequence; of one time step where lengths differ. */
    @Override
    public long size() {
      return time == UNKNOWN ? features : features * time;
    }

    @Override
    public String toString() {
      return features + " x " + (time == UNKNOWN ? "time" : time);
    }
  }

  /**
   * The image that {@code input} is.
   *
   * @throws Unfit if it is none
   */
  static Image image(FeatureShape input) {
    if (input instanceof Image image) {
      return image;
    }
    throw new Unfit(
        "needs images (channels x height x width), but gets "
            + (input instanceof Steps ? "sequences of " + input : "rows of " + input + " numbers")
            + "; put it before flatten and dense, or give the data a shape");
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
