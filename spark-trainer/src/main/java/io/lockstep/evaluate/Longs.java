package io.lockstep.evaluate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Arrays of counts: added and carried as bytes. */
final class Longs {
  private Longs() {}

  static void add(long[] sums, long[] terms) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += terms[i];
    }
  }

  static void write(ByteBuffer out, long[] values) {
    out.asLongBuffer().put(values);
    out.position(out.position() + values.length * Long.BYTES);
  }

  static void read(ByteBuffer in, long[] values) {
    if (in.remaining() < (long) values.length * Long.BYTES) {
      throw new BufferUnderflowException();
    }
    in.asLongBuffer().get(values);
    in.position(in.position() + values.length * Long.BYTES);
  }
}
