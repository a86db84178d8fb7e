package io.lockstep.compute.lanes;

/**
 * Units over time: {@code [units, length]}, for each unit the values of all time steps and examples
 * in one run, which is what the sums over time of a weight gradient read. Unit {@code u} begins at
 * {@code at + u * stride}. Rows up to a multiple of {@link #TILE} exist and hold zeros.
 */
public final class Series {
  private final float[] data;
  private final int at;
  private final int stride;
  private final int units;

  /** Wraps the parts; arrays are not copied. */
  public Series(float[] data, int at, int stride, int units) {
    this.data = data;
    this.at = at;
    this.stride = stride;
    this.units = units;
  }

  /** The array, not copied. */
  public float[] data() {
    return data;
  }

  /** Where the first unit begins. */
  public int at() {
    return at;
  }

  /** Floats from one unit to the next. */
  public int stride() {
    return stride;
  }

  /** Rows of meaning. */
  public int units() {
    return units;
  }

  /** Rows that are summed together. */
  public static final int TILE = 3;

  /** Rows to allocate for {@code units}. */
  public static int rows(int units) {
    return (units + TILE - 1) / TILE * TILE;
  }

  /**
   * A stride for runs of {@code length}: an odd number of cache lines, so that the runs of
   * neighbouring units do not fall on the same lines of the cache.
   */
  public static int stride(int length) {
    int line = 16;
    return ((length + line - 1) / line | 1) * line;
  }
}
