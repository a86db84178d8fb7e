package io.lockstep.compute.lanes;

import java.util.Arrays;

/**
 * A weight matrix {@code [depth, columns]} laid out for {@link Lanes#multiplyAdd}: panels of {@link
 * #WIDTH} columns, and in a panel row after row, so that the inner loop reads it from the first
 * float to the last. Columns are padded with zeros to full panels.
 *
 * <p>Packing costs about as much as one product with a minibatch of ten; a BLAS does it at every
 * call, we once for all time steps. Not thread-safe; grows to the largest matrix packed.
 */
public final class Panels {
  /** Columns in a panel. */
  public static final int WIDTH = 6;

  private float[] data = new float[0];
  private int depth;
  private int columns;

  /**
   * Packs {@code matrix}, stored column after column ({@code [depth, columns]} in Fortran order).
   */
  public void pack(float[] matrix, int depth, int columns) {
    pack(matrix, 0, depth, columns);
  }

  /** As {@link #pack(float[], int, int)}, of a matrix that begins at {@code at} of the array. */
  public void pack(float[] matrix, int at, int depth, int columns) {
    resize(depth, columns);
    for (int column = 0; column < columns; column++) {
      int from = at + column * depth;
      int to = panel(column / WIDTH) + column % WIDTH;
      for (int row = 0; row < depth; row++) {
        data[to + row * WIDTH] = matrix[from + row];
      }
    }
  }

  /**
   * Packs the transpose of {@code matrix}: the matrix has {@code columns} rows and {@code depth}
   * columns, stored column after column.
   */
  public void packTransposed(float[] matrix, int depth, int columns) {
    packTransposed(matrix, 0, depth, columns);
  }

  /** As {@link #packTransposed(float[], int, int)}, of a matrix that begins at {@code at}. */
  public void packTransposed(float[] matrix, int at, int depth, int columns) {
    resize(depth, columns);
    for (int first = 0; first < columns; first += WIDTH) {
      int count = Math.min(WIDTH, columns - first);
      int to = panel(first / WIDTH);
      for (int row = 0; row < depth; row++) {
        for (int column = 0; column < count; column++) {
          data[to + row * WIDTH + column] = matrix[at + row * columns + first + column];
        }
      }
    }
  }

  private void resize(int depth, int columns) {
    this.depth = depth;
    this.columns = columns;
    int size = depth * padded();
    if (data.length < size) {
      data = new float[size];
    } else if (columns % WIDTH != 0) {
      Arrays.fill(data, panel(columns / WIDTH), size, 0f);
    }
  }

  float[] data() {
    return data;
  }

  int panel(int index) {
    return index * WIDTH * depth;
  }

  int depth() {
    return depth;
  }

  int columns() {
    return columns;
  }

  /** Number of columns up to the next full panel. */
  private int padded() {
    return (columns + WIDTH - 1) / WIDTH * WIDTH;
  }
}
