package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost part of {@link VectorProducts}: adds to a tile of the result the product of a slab,
 * {@code [depth, 16]}, and a panel, {@code [depth, 6]}.
 *
 * <p>16 by 6 are twelve vectors of sums; with two of the slab and one repeated weight they take
 * fifteen of the sixteen registers. Larger tiles spill and take twice as long; 16 by 4 has too few
 * sums to hide the latency of the multiply-add units.
 *
 * <p>The loops are written for what HotSpot 17 makes of them: two counters that are added to, and
 * an end that is compared for inequality. Multiples of one counter cost it ten instructions more a
 * turn. And were it a loop that the JIT can count, it would check all bounds beforehand, find
 * nothing in the way of loading all six weights first, run out of registers and keep sums on the
 * stack: half the speed.
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
    int even = depth / 2 * 2;
    if (even > 0) {
      VectorTurns.whole(a, aAt, w, wAt, even, c, cAt, stride);
    }
    if (even < depth) {
      last(a, aAt + ROWS * even, w, wAt + COLUMNS * even, c, cAt, stride);
    }
  }

  private static void last(float[] a, int aAt, float[] w, int wAt, float[] c, int cAt, int stride) {
    for (int column = 0; column < COLUMNS; column++) {
      FloatVector weight = broadcast(S, w[wAt + column]);
      for (int row = 0; row < ROWS; row += Lanes.GROUP) {
        int at = cAt + column * stride + row;
        fromArray(S, a, aAt + row).fma(weight, fromArray(S, c, at)).intoArray(c, at);
      }
    }
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
