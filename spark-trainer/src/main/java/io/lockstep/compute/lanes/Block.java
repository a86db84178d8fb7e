package io.lockstep.compute.lanes;

/**
 * One time step of some units for a minibatch: {@code [units, width]}, the examples of a unit side
 * by side. Unit {@code u} begins at {@code at + u * width}; lanes beyond the minibatch hold zeros
 * or rubbish that no one looks at.
 */
public final class Block {
  private final float[] data;
  private final int at;
  private final int width;

  /** Wraps the parts; arrays are not copied. */
  public Block(float[] data, int at, int width) {
    if (width % Lanes.GROUP != 0) {
      throw new IllegalArgumentException(
          "a block is %d wide, not a multiple of %d".formatted(width, Lanes.GROUP));
    }
    this.data = data;
    this.at = at;
    this.width = width;
  }

  /** The array the block is part of, not copied. */
  public float[] data() {
    return data;
  }

  /** Where the block begins. */
  public int at() {
    return at;
  }

  /** Examples, rounded up to a multiple of {@link Lanes#GROUP}. */
  public int width() {
    return width;
  }
}
