package io.lockstep.compute.lanes;

import static io.lockstep.compute.lanes.VectorTile.COLUMNS;
import static io.lockstep.compute.lanes.VectorTile.ROWS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products of {@link VectorLanes}, tile by tile. One factor is copied into slabs of 16
 * rows first, the other comes in panels of 6 columns; both copies cost little beside the product
 * and then stay in the caches. Tiles at the edge are computed in a copy.
 *
 * <p>Holds scratch, so belongs to one layer.
 */
final class VectorProducts {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  /** Depth taken at once: a slab and a panel fill two thirds of the first-level cache. */
  private static final int STRETCH = 256;

  private final float[] edge = new float[ROWS * COLUMNS];
  private final float[] panel = new float[COLUMNS * STRETCH];
  private float[] slabs = new float[ROWS * STRETCH];

  /** Where a product goes: {@code [columns, rows]}. */
  private record Target(float[] data, int at, int stride, int rows, int columns) {
    int at(int row, int column) {
      return at + column * stride + row;
    }

    /** Sets some rows, in whole vectors, to one value per column. */
    void set(int row, int count, float[] values) {
      for (int column = 0; column < columns; column++) {
        FloatVector value = broadcast(S, values[column]);
        for (int i = 0; i < count; i += Lanes.GROUP) {
          value.intoArray(data, at(row + i, column));
        }
      }
    }
  }

  /** {@link Lanes#multiplyAdd}. */
  void multiplyAdd(Block a, Panels w, Block c) {
    Target target = target(a, w, c);
    for (int row = 0; row < target.rows; row += ROWS) {
      for (int k = 0; k < w.depth(); k += STRETCH) {
        addStretch(a, w, k, target, row);
      }
    }
  }

  /** {@link Lanes#multiply}: a strip of the result is set just before it is added to. */
  void multiply(Block a, Panels w, float[] start, Block c) {
    Target target = target(a, w, c);
    for (int row = 0; row < target.rows; row += ROWS) {
      target.set(row, Math.min(ROWS, target.rows - row), start);
      for (int k = 0; k < w.depth(); k += STRETCH) {
        addStretch(a, w, k, target, row);
      }
    }
  }

  private static Target target(Block a, Panels w, Block c) {
    return new Target(c.data(), c.at(), a.width(), a.width(), w.columns());
  }

  private void addStretch(Block a, Panels w, int k, Target target, int row) {
    int depth = Math.min(STRETCH, w.depth() - k);
    int width = a.width();
    packRows(a.data(), a.at() + k * width + row, width, width - row, depth);
    for (int column = 0; column < w.columns(); column += COLUMNS) {
      int from = w.panel(column / COLUMNS) + k * COLUMNS;
      add(0, w.data(), from, depth, target, row, column);
    }
  }

  private void packRows(float[] a, int at, int stride, int rows, int depth) {
    boolean half = rows == Lanes.GROUP;
    for (int k = 0; k < depth; k++) {
      int from = at + k * stride;
      fromArray(S, a, from).intoArray(slabs, k * ROWS);
      if (!half) {
        fromArray(S, a, from + 8).intoArray(slabs, k * ROWS + 8);
      }
    }
  }

  /** {@link Lanes#products}: the depth is time, the rows are units of {@code x}. */
  void products(Steps x, Steps g, float[] out) {
    Arrays.fill(out, 0, x.units() * g.units(), 0f);
    Target target = new Target(out, 0, x.units(), x.units(), g.units());
    int length = x.count() * x.width();
    for (int q = 0; q < length; q += STRETCH) {
      int depth = Math.min(STRETCH, length - q);
      packUnits(x, q, depth);
      for (int column = 0; column < g.units(); column += COLUMNS) {
        g.interleave(q, depth, column, panel, 0, COLUMNS);
        for (int row = 0; row < x.units(); row += ROWS) {
          add(row * depth, panel, 0, depth, target, row, column);
        }
      }
    }
  }

  /** All units of {@code x} over a stretch of time, slab after slab. */
  private void packUnits(Steps x, int q, int depth) {
    int length = (x.units() + ROWS - 1) / ROWS * ROWS * depth;
    if (slabs.length < length) {
      slabs = new float[length];
    }
    for (int row = 0; row < x.units(); row += ROWS) {
      x.interleave(q, depth, row, slabs, row * depth, ROWS);
    }
  }

  /** Adds the product of a slab and a panel to the tile at {@code row} and {@code column}. */
  private void add(int slab, float[] w, int wAt, int depth, Target c, int row, int column) {
    int rows = Math.min(ROWS, c.rows - row);
    int columns = Math.min(COLUMNS, c.columns - column);
    if (columns == COLUMNS && rows == ROWS) {
      VectorTile.whole(slabs, slab, w, wAt, depth, c.data, c.at(row, column), c.stride);
      return;
    }
    if (columns == COLUMNS && rows == Lanes.GROUP) {
      VectorTile.half(slabs, slab, w, wAt, depth, c.data, c.at(row, column), c.stride);
      return;
    }
    for (int j = 0; j < columns; j++) {
      System.arraycopy(c.data, c.at(row, column + j), edge, j * ROWS, rows);
    }
    if (rows > Lanes.GROUP) {
      VectorTile.whole(slabs, slab, w, wAt, depth, edge, 0, ROWS);
    } else {
      VectorTile.half(slabs, slab, w, wAt, depth, edge, 0, ROWS);
    }
    for (int j = 0; j < columns; j++) {
      System.arraycopy(edge, j * ROWS, c.data, c.at(row, column + j), rows);
    }
  }
}
