package io.lockstep.compute.lanes;

/**
 * A weight matrix {@code [depth, columns]} laid out for products with a single example, where the
 * units of a vector are neighbours instead of examples: strips of {@link #WIDTH} columns, and in a
 * strip row after row, so that a product reads it once, from the first float to the last.
 *
 * <p>Columns may come in equal parts, such as the gates of a layer; each part is padded with zeros
 * to whole vectors, so that it begins where pointwise operations can take it. Immutable.
 */
public final class Strips {
  /** Columns of a strip, eight vectors; the last strip may have fewer. */
  static final int WIDTH = 8 * Lanes.GROUP;

  private final float[] data;
  private final int depth;
  private final int columns;

  /**
   * Lays out a matrix.
   *
   * @param matrix holds it column after column ({@code [depth, columns]} in Fortran order)
   * @param at where it begins
   * @param columns of all parts together
   * @param parts of which each is padded
   */
  public Strips(float[] matrix, int at, int depth, int columns, int parts) {
    int part = columns / parts;
    int padded = Lanes.width(part);
    this.depth = depth;
    this.columns = parts * padded;
    this.data = new float[Math.multiplyExact(depth, this.columns)];
    for (int column = 0; column < columns; column++) {
      int to = column / part * padded + column % part;
      int first = to / WIDTH * WIDTH;
      int width = width(first);
      for (int row = 0; row < depth; row++) {
        data[first * depth + row * width + to - first] = matrix[at + column * depth + row];
      }
    }
  }

  /** One value for each column of {@code parts} parts, padded as these are. */
  public static float[] padded(float[] values, int at, int columns, int parts) {
    int part = columns / parts;
    int padded = Lanes.width(part);
    float[] all = new float[parts * padded];
    for (int i = 0; i < parts; i++) {
      System.arraycopy(values, at + i * part, all, i * padded, part);
    }
    return all;
  }

  float[] data() {
    return data;
  }

  /** Rows. */
  public int depth() {
    return depth;
  }

  /** Columns with their padding, a multiple of {@link Lanes#GROUP}. */
  public int columns() {
    return columns;
  }

  /** Columns of the strip that begins with column {@code first}. */
  int width(int first) {
    return Math.min(WIDTH, columns - first);
  }
}
