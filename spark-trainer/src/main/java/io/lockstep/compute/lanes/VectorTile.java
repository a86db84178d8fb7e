package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link VectorProducts}: adds to a tile of the result the product of a slab,
 * {@code [depth, 16]}, and a panel, {@code [depth, 6]}.
 *
 * <p>16 by 6 are twelve vectors of sums; with two of the slab and one repeated weight they take
 * fifteen of the sixteen registers. Larger tiles spill and take twice as long; 16 by 4 has too few
 * sums to hide the latency of the multiply-add units.
 *
 * <p>The loop is written for what HotSpot 17 makes of it: two counters that are added to, and an
 * end that is compared for inequality. Multiples of one counter cost it ten instructions more a
 * turn. And were it a loop that the JIT can count, it would check all bounds beforehand, find
 * nothing in the way of loading all six weights first, run out of registers and keep sums on the
 * stack: half the speed. The two checks that stay are cheap, and hold loads and multiply-adds
 * together.
 */
final class VectorTile {
  /** Rows: two vectors. */
  static final int ROWS = 2 * Lanes.GROUP;

  static final int COLUMNS = Panels.WIDTH;

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  private VectorTile() {}

  /** A whole tile; {@code stride} leads from one column of {@code c} to the next. */
  static void whole(
      float[] a, int aAt, float[] w, int wAt, int depth, float[] c, int cAt, int stride) {
    int column = cAt;
    FloatVector s00 = fromArray(S, c, column);
    FloatVector s01 = fromArray(S, c, column + 8);
    column += stride;
    FloatVector s10 = fromArray(S, c, column);
    FloatVector s11 = fromArray(S, c, column + 8);
    column += stride;
    FloatVector s20 = fromArray(S, c, column);
    FloatVector s21 = fromArray(S, c, column + 8);
    column += stride;
    FloatVector s30 = fromArray(S, c, column);
    FloatVector s31 = fromArray(S, c, column + 8);
    column += stride;
    FloatVector s40 = fromArray(S, c, column);
    FloatVector s41 = fromArray(S, c, column + 8);
    column += stride;
    FloatVector s50 = fromArray(S, c, column);
    FloatVector s51 = fromArray(S, c, column + 8);
    int i = aAt;
    int j = wAt;
    int end = wAt + COLUMNS * depth;
    while (j != end) {
      FloatVector a0 = fromArray(S, a, i);
      FloatVector a1 = fromArray(S, a, i + 8);
      FloatVector v = broadcast(S, w[j]);
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = broadcast(S, w[j + 1]);
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = broadcast(S, w[j + 2]);
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = broadcast(S, w[j + 3]);
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      v = broadcast(S, w[j + 4]);
      s40 = a0.fma(v, s40);
      s41 = a1.fma(v, s41);
      v = broadcast(S, w[j + 5]);
      s50 = a0.fma(v, s50);
      s51 = a1.fma(v, s51);
      j += COLUMNS;
      i += ROWS;
    }
    column = cAt;
    s00.intoArray(c, column);
    s01.intoArray(c, column + 8);
    column += stride;
    s10.intoArray(c, column);
    s11.intoArray(c, column + 8);
    column += stride;
    s20.intoArray(c, column);
    s21.intoArray(c, column + 8);
    column += stride;
    s30.intoArray(c, column);
    s31.intoArray(c, column + 8);
    column += stride;
    s40.intoArray(c, column);
    s41.intoArray(c, column + 8);
    column += stride;
    s50.intoArray(c, column);
    s51.intoArray(c, column + 8);
  }

  /** The upper eight rows only: the lower half of the slab is not read. */
  static void half(
      float[] a, int aAt, float[] w, int wAt, int depth, float[] c, int cAt, int stride) {
    int c1 = cAt + stride;
    int c2 = c1 + stride;
    int c3 = c2 + stride;
    int c4 = c3 + stride;
    int c5 = c4 + stride;
    FloatVector s0 = fromArray(S, c, cAt);
    FloatVector s1 = fromArray(S, c, c1);
    FloatVector s2 = fromArray(S, c, c2);
    FloatVector s3 = fromArray(S, c, c3);
    FloatVector s4 = fromArray(S, c, c4);
    FloatVector s5 = fromArray(S, c, c5);
    int i = aAt;
    int j = wAt;
    int end = wAt + COLUMNS * depth;
    while (j != end) {
      FloatVector v = fromArray(S, a, i);
      s0 = v.fma(broadcast(S, w[j]), s0);
      s1 = v.fma(broadcast(S, w[j + 1]), s1);
      s2 = v.fma(broadcast(S, w[j + 2]), s2);
      s3 = v.fma(broadcast(S, w[j + 3]), s3);
      s4 = v.fma(broadcast(S, w[j + 4]), s4);
      s5 = v.fma(broadcast(S, w[j + 5]), s5);
      j += COLUMNS;
      i += ROWS;
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, c1);
    s2.intoArray(c, c2);
    s3.intoArray(c, c3);
    s4.intoArray(c, c4);
    s5.intoArray(c, c5);
  }
}
