package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products of {@link VectorLanes}, in tiles of 16 rows by 6 columns: twelve vectors of
 * sums, two of the left factor and one repeated weight, which are fifteen of the sixteen registers.
 * Larger tiles spill; 16 by 4 has too few sums to hide the latency of the multiply-add units.
 *
 * <p>A tile reads the left factor from a <em>slab</em>, {@code [depth, 16]}, into which the rows
 * are copied first. That costs little beside the product, lets the slab stay in the first-level
 * cache, and above all makes every index a constant multiple of the loop's counter: then the JIT
 * checks the bounds of all loads once before the loop, not at each load. So the tile runs as fast
 * as that of OpenBLAS.
 *
 * <p>Tiles at the edge are computed in full, in a copy. Holds scratch, so belongs to one layer.
 */
final class VectorProducts {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  /** Rows of a tile: two vectors. */
  private static final int ROWS = 2 * Lanes.GROUP;

  private static final int COLUMNS = Panels.WIDTH;

  /** Depth taken at once, so that slabs and panels stay in the caches. */
  private static final int STRETCH = 256;

  private final float[] edge = new float[ROWS * COLUMNS];
  private final float[] panel = new float[COLUMNS * STRETCH];
  private float[] slabs = new float[ROWS * STRETCH];

  /** {@link Lanes#multiplyAdd}. */
  void multiplyAdd(Block a, Panels w, Block c) {
    int width = a.width();
    for (int row = 0; row < width; row += ROWS) {
      int rows = Math.min(ROWS, width - row);
      for (int k = 0; k < w.depth(); k += STRETCH) {
        int depth = Math.min(STRETCH, w.depth() - k);
        packRows(a.data(), a.at() + k * width + row, width, rows, depth);
        for (int column = 0; column < w.columns(); column += COLUMNS) {
          int columns = Math.min(COLUMNS, w.columns() - column);
          int from = w.panel(column / COLUMNS) + k * COLUMNS;
          int to = c.at() + column * width + row;
          add(0, w.data(), from, depth, c.data(), to, width, rows, columns);
        }
      }
    }
  }

  private void packRows(float[] a, int at, int stride, int rows, int depth) {
    FloatVector zero = FloatVector.zero(S);
    for (int k = 0; k < depth; k++) {
      int from = at + k * stride;
      fromArray(S, a, from).intoArray(slabs, k * ROWS);
      (rows == ROWS ? fromArray(S, a, from + 8) : zero).intoArray(slabs, k * ROWS + 8);
    }
  }

  /** {@link Lanes#products}: the depth is time, the rows are units of {@code x}. */
  void products(Steps x, Steps g, float[] out) {
    Arrays.fill(out, 0, x.units() * g.units(), 0f);
    int most = x.count() * x.width();
    for (int q = 0; q < most; q += STRETCH) {
      int depth = Math.min(STRETCH, most - q);
      packUnits(x, q, depth);
      for (int column = 0; column < g.units(); column += COLUMNS) {
        int columns = Math.min(COLUMNS, g.units() - column);
        packPanel(g, q, depth, column, columns);
        for (int row = 0; row < x.units(); row += ROWS) {
          int rows = Math.min(ROWS, x.units() - row);
          int to = column * x.units() + row;
          add(row * depth, panel, 0, depth, out, to, x.units(), rows, columns);
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
      interleave(x, q, depth, row, Math.min(ROWS, x.units() - row), slabs, row * depth, ROWS);
    }
  }

  /** Some units of {@code g} over a stretch of time, with zeros for units that do not exist. */
  private void packPanel(Steps g, int q, int depth, int column, int columns) {
    if (columns < COLUMNS) {
      Arrays.fill(panel, 0f);
      interleave(g, q, depth, column, columns, panel, 0, COLUMNS);
      return;
    }
    int width = g.width();
    for (int done = 0; done < depth; ) {
      int lane = (q + done) % width;
      int run = Math.min(width - lane, depth - done);
      interleave(g.data(), g.at((q + done) / width, column) + lane, width, run, panel, done);
      done += run;
    }
  }

  private static void interleave(
      float[] from, int at, int stride, int length, float[] panel, int done) {
    int to = done * COLUMNS;
    for (int i = 0; i < length; i++) {
      panel[to + COLUMNS * i] = from[at + i];
      panel[to + COLUMNS * i + 1] = from[at + stride + i];
      panel[to + COLUMNS * i + 2] = from[at + 2 * stride + i];
      panel[to + COLUMNS * i + 3] = from[at + 3 * stride + i];
      panel[to + COLUMNS * i + 4] = from[at + 4 * stride + i];
      panel[to + COLUMNS * i + 5] = from[at + 5 * stride + i];
    }
  }

  /** Some units over a stretch of time, {@code [depth, stride]}, with zeros where units end. */
  private static void interleave(
      Steps from, int q, int depth, int first, int units, float[] to, int at, int stride) {
    float[] data = from.data();
    int width = from.width();
    for (int unit = 0; unit < stride; unit++) {
      for (int done = 0; done < depth; ) {
        int lane = (q + done) % width;
        int run = Math.min(width - lane, depth - done);
        int target = at + done * stride + unit;
        if (unit < units) {
          int source = from.at((q + done) / width, first + unit) + lane;
          for (int i = 0; i < run; i++) {
            to[target + i * stride] = data[source + i];
          }
        } else {
          for (int i = 0; i < run; i++) {
            to[target + i * stride] = 0f;
          }
        }
        done += run;
      }
    }
  }

  /** Adds the product of a slab and a panel to {@code [columns, rows]} of {@code c}. */
  private void add(
      int slab,
      float[] w,
      int wAt,
      int depth,
      float[] c,
      int cAt,
      int stride,
      int rows,
      int columns) {
    if (rows == ROWS && columns == COLUMNS) {
      tile(slabs, slab, w, wAt, depth, c, cAt, stride);
      return;
    }
    for (int column = 0; column < columns; column++) {
      System.arraycopy(c, cAt + column * stride, edge, column * ROWS, rows);
    }
    tile(slabs, slab, w, wAt, depth, edge, 0, ROWS);
    for (int column = 0; column < columns; column++) {
      System.arraycopy(edge, column * ROWS, c, cAt + column * stride, rows);
    }
  }

  private static void tile(
      float[] a, int aAt, float[] w, int wAt, int depth, float[] c, int cAt, int stride) {
    int c1 = cAt + stride;
    int c2 = c1 + stride;
    int c3 = c2 + stride;
    int c4 = c3 + stride;
    int c5 = c4 + stride;
    FloatVector s00 = fromArray(S, c, cAt);
    FloatVector s01 = fromArray(S, c, cAt + 8);
    FloatVector s10 = fromArray(S, c, c1);
    FloatVector s11 = fromArray(S, c, c1 + 8);
    FloatVector s20 = fromArray(S, c, c2);
    FloatVector s21 = fromArray(S, c, c2 + 8);
    FloatVector s30 = fromArray(S, c, c3);
    FloatVector s31 = fromArray(S, c, c3 + 8);
    FloatVector s40 = fromArray(S, c, c4);
    FloatVector s41 = fromArray(S, c, c4 + 8);
    FloatVector s50 = fromArray(S, c, c5);
    FloatVector s51 = fromArray(S, c, c5 + 8);
    for (int k = 0; k < depth; k++) {
      FloatVector a0 = fromArray(S, a, aAt + ROWS * k);
      FloatVector a1 = fromArray(S, a, aAt + ROWS * k + 8);
      FloatVector v = FloatVector.broadcast(S, w[wAt + COLUMNS * k]);
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = FloatVector.broadcast(S, w[wAt + COLUMNS * k + 1]);
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = FloatVector.broadcast(S, w[wAt + COLUMNS * k + 2]);
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = FloatVector.broadcast(S, w[wAt + COLUMNS * k + 3]);
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      v = FloatVector.broadcast(S, w[wAt + COLUMNS * k + 4]);
      s40 = a0.fma(v, s40);
      s41 = a1.fma(v, s41);
      v = FloatVector.broadcast(S, w[wAt + COLUMNS * k + 5]);
      s50 = a0.fma(v, s50);
      s51 = a1.fma(v, s51);
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + 8);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + 8);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + 8);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + 8);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + 8);
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + 8);
  }
}
