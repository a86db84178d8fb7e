package io.lockstep.model;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between Java arrays and dense ND4J arrays of floats, in the arrays' memory order. */
final class Floats {
  private Floats() {}

  /** All values of {@code from}. */
  static float[] read(INDArray from) {
    float[] values = new float[Math.toIntExact(from.length())];
    read(from, values);
    return values;
  }

  /** All values of {@code from}, into the beginning of {@code to}. */
  static void read(INDArray from, float[] to) {
    try (FloatPointer pointer = pointer(from)) {
      pointer.get(to, 0, Math.toIntExact(from.length()));
    }
  }

  /** Fills {@code to} with the beginning of {@code from}. */
  static void write(float[] from, INDArray to) {
    if (from.length < to.length()) {
      throw new IllegalArgumentException(
          "%d values do not fill an array of %d".formatted(from.length, to.length()));
    }
    try (FloatPointer pointer = pointer(to)) {
      pointer.put(from, 0, Math.toIntExact(to.length()));
    }
  }

  /** A pointer that owns no memory, so closing it frees none. */
  private static FloatPointer pointer(INDArray array) {
    var pointer = new FloatPointer(array.data().pointer());
    return pointer.position(pointer.position() + array.offset());
  }
}
