package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link Squash}, in vectors and in place. */
final class VectorSquash {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  private VectorSquash() {}

  /** {@link Squash#tanh}. */
  static void tanh(float[] values, int at, int length) {
    // Adding -0 changes no number, 0 and -0 included.
    scaledTanh(values, at, length, 1f, -0f);
  }

  /** {@link Squash#sigmoid}. */
  static void sigmoid(float[] values, int at, int length) {
    scaledTanh(values, at, length, 0.5f, 0.5f);
  }

  private static void scaledTanh(float[] values, int at, int length, float scale, float shift) {
    for (int i = at; i < at + length; i += Lanes.GROUP) {
      FloatVector x = fromArray(S, values, i).mul(scale);
      x = x.blend(Squash.BOUND, x.compare(GT, Squash.BOUND));
      x = x.blend(-Squash.BOUND, x.compare(LT, -Squash.BOUND));
      FloatVector square = x.mul(x);
      FloatVector p = square.fma(broadcast(S, Squash.A13), broadcast(S, Squash.A11));
      p = p.fma(square, broadcast(S, Squash.A9));
      p = p.fma(square, broadcast(S, Squash.A7));
      p = p.fma(square, broadcast(S, Squash.A5));
      p = p.fma(square, broadcast(S, Squash.A3));
      p = p.fma(square, broadcast(S, Squash.A1));
      FloatVector q = square.fma(broadcast(S, Squash.B6), broadcast(S, Squash.B4));
      q = q.fma(square, broadcast(S, Squash.B2));
      q = q.fma(square, broadcast(S, Squash.B0));
      x.mul(p).div(q).fma(broadcast(S, scale), broadcast(S, shift)).intoArray(values, i);
    }
  }

  /** {@link Squash#exp} of {@code count} vectors, {@code stride} apart. */
  static void exp(float[] values, int at, int stride, int count) {
    int bias = 127 - Float.floatToRawIntBits(Squash.ROUND);
    for (int n = 0; n < count; n++) {
      FloatVector x = fromArray(S, values, at + n * stride).max(Squash.LOWEST);
      FloatVector shifted = x.fma(broadcast(S, Squash.LOG2E), broadcast(S, Squash.ROUND));
      FloatVector power = shifted.sub(Squash.ROUND);
      FloatVector r = power.fma(broadcast(S, -Squash.LN2_HIGH), x);
      r = power.fma(broadcast(S, -Squash.LN2_LOW), r);
      FloatVector p = r.fma(broadcast(S, Squash.E5), broadcast(S, Squash.E4));
      p = p.fma(r, broadcast(S, Squash.E3));
      p = p.fma(r, broadcast(S, Squash.E2));
      p = p.fma(r, broadcast(S, Squash.E1));
      p = p.fma(r, broadcast(S, Squash.E0));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale =
          shifted.reinterpretAsInts().add(bias).lanewise(LSHL, 23).reinterpretAsFloats();
      p.mul(scale).intoArray(values, at + n * stride);
    }
  }
}
