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
 * <p>Every index is a constant multiple of the loop's counter. So the JIT checks the bounds of all
 * loads once before the loop, not at each load, and the loop runs nearly as fast as OpenBLAS's.
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
      FloatVector v = broadcast(S, w[wAt + COLUMNS * k]);
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = broadcast(S, w[wAt + COLUMNS * k + 1]);
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = broadcast(S, w[wAt + COLUMNS * k + 2]);
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = broadcast(S, w[wAt + COLUMNS * k + 3]);
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      v = broadcast(S, w[wAt + COLUMNS * k + 4]);
      s40 = a0.fma(v, s40);
      s41 = a1.fma(v, s41);
      v = broadcast(S, w[wAt + COLUMNS * k + 5]);
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
    for (int k = 0; k < depth; k++) {
      FloatVector v = fromArray(S, a, aAt + ROWS * k);
      s0 = v.fma(broadcast(S, w[wAt + COLUMNS * k]), s0);
      s1 = v.fma(broadcast(S, w[wAt + COLUMNS * k + 1]), s1);
      s2 = v.fma(broadcast(S, w[wAt + COLUMNS * k + 2]), s2);
      s3 = v.fma(broadcast(S, w[wAt + COLUMNS * k + 3]), s3);
      s4 = v.fma(broadcast(S, w[wAt + COLUMNS * k + 4]), s4);
      s5 = v.fma(broadcast(S, w[wAt + COLUMNS * k + 5]), s5);
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, c1);
    s2.intoArray(c, c2);
    s3.intoArray(c, c3);
    s4.intoArray(c, c4);
    s5.intoArray(c, c5);
  }
}
