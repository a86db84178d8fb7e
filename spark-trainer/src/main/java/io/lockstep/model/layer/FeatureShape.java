package io.lockstep.model.layer;

import java.util.Arrays;

/** Shape of what flows between layers, for one example. */
public sealed interface FeatureShape {
  /** Number of values. */
  long size();

  /** Number of values of a time step; of all, if it is no sequence. */
  default long rowSize() {
    return size();
  }

  /** Whether it has time steps. */
  default boolean isSequence() {
    return false;
  }

  /** What it is, for a message: "rows of 3 numbers". */
  default String described() {
    return (this instanceof Image ? "images of " : "sequences of ") + this;
  }

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
    public String described() {
      return "rows of " + size + " numbers";
    }

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
    public long rowSize() {
      return features;
    }

    @Override
    public boolean isSequence() {
      return true;
    }

    /** Whether examples differ in their number of time steps. */
    public boolean ragged() {
      return time == UNKNOWN;
    }

    @Override
    public String toString() {
      return features + " x " + (time == UNKNOWN ? "time" : time);
    }
  }

  /**
   * A sequence of ids, such as those of words.
   *
   * @param vocabulary number of different ids, or {@link #UNKNOWN}
   * @param time steps, or {@link Steps#UNKNOWN} where lengths differ
   */
  record Tokens(int vocabulary, long time) implements FeatureShape {
    /** Number of ids where nobody knows it. */
    public static final int UNKNOWN = -1;

    /** Ids of a sequence; of one time step where lengths differ. */
    @Override
    public long size() {
      return time == Steps.UNKNOWN ? 1 : time;
    }

    @Override
    public long rowSize() {
      return 1;
    }

    @Override
    public boolean isSequence() {
      return true;
    }

    @Override
    public String toString() {
      return "token x " + (time == Steps.UNKNOWN ? "time" : time);
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
            + input.described()
            + "; put it before flatten and dense, or give the data a shape");
  }

  /**
   * The sequence that {@code input} is.
   *
   * @throws Unfit if it is none
   */
  static Steps steps(FeatureShape input) {
    if (input instanceof Steps steps) {
      return steps;
    }
    throw new Unfit(
        "needs sequences (features x time), but gets "
            + input.described()
            + (input instanceof Row
                ? "; set returnSequences: true in the recurrent layer before it, or give the data"
                    + " time steps"
                : ""));
  }

  /**
   * Shape of the data.
   *
   * @param shape {@code [channels, height, width]}, {@code [features]}, or {@code [time, features]}
   *     of sequences that all have one length
   */
  static FeatureShape of(int[] shape) {
    return switch (shape.length) {
      case 1 -> new Row(shape[0]);
      case 2 -> new Steps(shape[1], shape[0]);
      case 3 -> new Image(shape[0], shape[1], shape[2]);
      default ->
          throw new io.lockstep.data.InputException(
              "Examples of shape "
                  + Arrays.toString(shape)
                  + " cannot be trained: only [features], [time, features] and [channels,"
                  + " height, width] can");
    };
  }
}
