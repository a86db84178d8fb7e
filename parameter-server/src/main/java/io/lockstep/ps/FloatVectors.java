package io.lockstep.ps;

import java.nio.ByteBuffer;

/** Vectors of floats in a byte buffer: a 32-bit length, then the values in the buffer's order. */
final class FloatVectors {
  private FloatVectors() {}

  static void put(ByteBuffer to, float[] values) {
    to.putInt(values.length);
    to.asFloatBuffer().put(values);
    to.position(to.position() + values.length * Float.BYTES);
  }

  /** Reads a vector; a length that the remaining bytes cannot hold is refused before allocating. */
  static float[] get(ByteBuffer from) {
    int length = from.getInt();
    if (length < 0 || length > from.remaining() / Float.BYTES) {
      throw new DamagedBytesException(
          "a vector of %d values is announced, %d bytes are left"
              .formatted(length, from.remaining()));
    }
    float[] values = new float[length];
    from.asFloatBuffer().get(values);
    from.position(from.position() + length * Float.BYTES);
    return values;
  }
}
