package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link VectorLanes} computes for a single example.
 *
 * <p>A product of this kind reads each weight once and multiplies it once, so it is as fast as
 * memory is. Eight sums at once are enough to hide the latency of the multiply-adds behind it.
 */
final class VectorStrips {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  private VectorStrips() {}

  /** {@link Lanes#multiplyAdd(float[], int, Strips, float[], int)}. */
  static void multiplyAdd(float[] a, int aAt, Strips w, float[] to, int at) {
    int depth = w.depth();
    for (int first = 0; first < w.columns(); first += Strips.WIDTH) {
      int width = w.width(first);
      if (width == Strips.WIDTH) {
        whole(a, aAt, w.data(), first * depth, depth, to, at + first);
      } else {
        for (int column = 0; column < width; column += Lanes.GROUP) {
          one(a, aAt, w.data(), first * depth + column, width, depth, to, at + first + column);
        }
      }
    }
  }

  private static void whole(float[] a, int aAt, float[] w, int wAt, int depth, float[] to, int at) {
    FloatVector s0 = fromArray(S, to, at);
    FloatVector s1 = fromArray(S, to, at + 8);
    FloatVector s2 = fromArray(S, to, at + 16);
    FloatVector s3 = fromArray(S, to, at + 24);
    FloatVector s4 = fromArray(S, to, at + 32);
    FloatVector s5 = fromArray(S, to, at + 40);
    FloatVector s6 = fromArray(S, to, at + 48);
    FloatVector s7 = fromArray(S, to, at + 56);
    int i = aAt;
    int j = wAt;
    int end = wAt + Strips.WIDTH * depth;
    while (j != end) {
      FloatVector v = broadcast(S, a[i]);
      s0 = v.fma(fromArray(S, w, j), s0);
      s1 = v.fma(fromArray(S, w, j + 8), s1);
      s2 = v.fma(fromArray(S, w, j + 16), s2);
      s3 = v.fma(fromArray(S, w, j + 24), s3);
      s4 = v.fma(fromArray(S, w, j + 32), s4);
      s5 = v.fma(fromArray(S, w, j + 40), s5);
      s6 = v.fma(fromArray(S, w, j + 48), s6);
      s7 = v.fma(fromArray(S, w, j + 56), s7);
      i++;
      j += Strips.WIDTH;
    }
    s0.intoArray(to, at);
    s1.intoArray(to, at + 8);
    s2.intoArray(to, at + 16);
    s3.intoArray(to, at + 24);
    s4.intoArray(to, at + 32);
    s5.intoArray(to, at + 40);
    s6.intoArray(to, at + 48);
    s7.intoArray(to, at + 56);
  }

  /** One vector of a strip that is {@code width} wide. */
  private static void one(
      float[] a, int aAt, float[] w, int wAt, int width, int depth, float[] to, int at) {
    FloatVector sum = fromArray(S, to, at);
    for (int k = 0; k < depth; k++) {
      sum = broadcast(S, a[aAt + k]).fma(fromArray(S, w, wAt + k * width), sum);
    }
    sum.intoArray(to, at);
  }

  /** {@link Lanes#softmax(float[], int)}. */
  static void softmax(float[] values, int units) {
    float highest = values[0];
    for (int unit = 1; unit < units; unit++) {
      highest = Math.max(highest, values[unit]);
    }
    int length = Lanes.width(units);
    for (int i = 0; i < length; i += Lanes.GROUP) {
      fromArray(S, values, i).sub(highest).intoArray(values, i);
    }
    VectorSquash.exp(values, 0, Lanes.GROUP, length / Lanes.GROUP);
    float sum = 0f;
    for (int unit = 0; unit < units; unit++) {
      sum += values[unit];
    }
    for (int i = 0; i < length; i += Lanes.GROUP) {
      fromArray(S, values, i).div(sum).intoArray(values, i);
    }
  }
}
