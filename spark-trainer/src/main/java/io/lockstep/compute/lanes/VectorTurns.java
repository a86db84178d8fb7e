package io.lockstep.compute.lanes;

import static io.lockstep.compute.lanes.VectorTile.COLUMNS;
import static io.lockstep.compute.lanes.VectorTile.ROWS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import sun.misc.Unsafe;

/**
 * The loop of {@link VectorTile} over a whole tile, two of the depth at a turn.
 *
 * <p>Twelve multiply-adds keep the arithmetic units busy for six cycles. With a check at every
 * access they stand among 41 to 46 instructions: seven cycles of six instructions each, but fifteen
 * where another hyper-thread has every other cycle, as on most rented machines. Here they stand
 * among 30: the range of the weights is checked once, and they are read by {@link Unsafe}, as Spark
 * reads its rows (a JVM without it runs no Spark either); the slab keeps its checks. {@code Unsafe}
 * is called from the loop itself: a method around it is not inlined once the JIT has spent its
 * budget on the many methods of the vectors. Four at a turn would be faster still, but one JVM of
 * ten then compiles them so that each vector becomes an object.
 *
 * <p>The fence is no instruction, but keeps the JIT from loading the second half's factors during
 * the first: it would run out of registers and keep sums on the stack.
 */
final class VectorTurns {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  private static final Unsafe UNSAFE = unsafe();

  private VectorTurns() {}

  private static Unsafe unsafe() {
    try {
      Field instance = Unsafe.class.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return (Unsafe) instance.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where element {@code from} lies; the {@code count} elements from there on may be read. */
  private static long offset(float[] array, int from, int count) {
    Objects.checkFromIndexSize(from, count, array.length);
    return Unsafe.ARRAY_FLOAT_BASE_OFFSET + (long) Float.BYTES * from;
  }

  /** {@link VectorTile#whole}, for an even depth. */
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
    FloatVector a0;
    FloatVector a1;
    FloatVector v;
    int i = aAt;
    long from = offset(w, wAt, COLUMNS * depth);
    long end = from + Float.BYTES * (long) (COLUMNS * depth);
    while (from != end) {
      a0 = fromArray(S, a, i);
      a1 = fromArray(S, a, i + 8);
      v = broadcast(S, UNSAFE.getFloat(w, from));
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = broadcast(S, UNSAFE.getFloat(w, from + 4));
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = broadcast(S, UNSAFE.getFloat(w, from + 8));
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = broadcast(S, UNSAFE.getFloat(w, from + 12));
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      v = broadcast(S, UNSAFE.getFloat(w, from + 16));
      s40 = a0.fma(v, s40);
      s41 = a1.fma(v, s41);
      v = broadcast(S, UNSAFE.getFloat(w, from + 20));
      s50 = a0.fma(v, s50);
      s51 = a1.fma(v, s51);
      VarHandle.acquireFence();
      a0 = fromArray(S, a, i + 16);
      a1 = fromArray(S, a, i + 24);
      v = broadcast(S, UNSAFE.getFloat(w, from + 24));
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = broadcast(S, UNSAFE.getFloat(w, from + 28));
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = broadcast(S, UNSAFE.getFloat(w, from + 32));
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = broadcast(S, UNSAFE.getFloat(w, from + 36));
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      v = broadcast(S, UNSAFE.getFloat(w, from + 40));
      s40 = a0.fma(v, s40);
      s41 = a1.fma(v, s41);
      v = broadcast(S, UNSAFE.getFloat(w, from + 44));
      s50 = a0.fma(v, s50);
      s51 = a1.fma(v, s51);
      from += 2 * COLUMNS * Float.BYTES;
      i += 2 * ROWS;
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
}
