package io.lockstep.ps;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Vectors of floats in a stream: a 32-bit length, then the values, all little-endian.
 *
 * <p>Written and read some values at a time, so a vector of more bytes than an array of bytes can
 * hold travels as well as any other, and no second copy of it is ever in memory.
 */
final class FloatVectors {
  /** Values that are laid out at a time: 64 KiB. */
  private static final int CHUNK = 1 << 14;

  /** Values that are believed to follow before any of them has been seen: 64 MiB. */
  private static final int BELIEVED = 1 << 24;

  private FloatVectors() {}

  /** Bytes that {@link #write} writes. */
  static long bytes(float[] values) {
    return Integer.BYTES + (long) values.length * Float.BYTES;
  }

  static void write(float[] values, DataOutput to) throws IOException {
    to.writeInt(Integer.reverseBytes(values.length));
    byte[] bytes = new byte[Math.min(values.length, CHUNK) * Float.BYTES];
    FloatBuffer floats = littleEndian(bytes);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      floats.put(0, values, from, count);
      to.write(bytes, 0, count * Float.BYTES);
    }
  }

  /** Reads a vector; memory is taken as values arrive, not because a length was announced. */
  static float[] read(DataInput from) throws IOException {
    int length = Integer.reverseBytes(from.readInt());
    if (length < 0) {
      throw new DamagedBytesException("a vector of %d values is announced".formatted(length));
    }
    float[] values = new float[Math.min(length, BELIEVED)];
    byte[] bytes = new byte[Math.min(length, CHUNK) * Float.BYTES];
    FloatBuffer floats = littleEndian(bytes);
    for (int at = 0; at < length; at += CHUNK) {
      int count = Math.min(CHUNK, length - at);
      if (at + count > values.length) {
        values = Arrays.copyOf(values, (int) Math.min(length, 4L * values.length));
      }
      from.readFully(bytes, 0, count * Float.BYTES);
      floats.get(0, values, at, count);
    }
    return values;
  }

  private static FloatBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
