package io.lockstep.data.block;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The values of a column: an array of primitives, big-endian when written.
 *
 * <p>Reading never trusts a length: arrays grow with the bytes that really arrive, so a lying
 * header costs no more memory than the data behind it.
 */
public sealed interface Values {
  /** Bytes moved at a time. */
  int CHUNK = 1 << 16;

  /** The array itself; not to be written to. */
  Object array();

  /** Number of values. */
  int length();

  /** How they are held. */
  ElementType type();

  /** The value at {@code index}; bytes are unsigned. */
  double at(int index);

  /** Moves values {@code from} to {@code to - 1} into a buffer, from its beginning on. */
  void put(int from, int to, ByteBuffer buffer);

  /** Moves the beginning of a buffer to values {@code from} to {@code to - 1}. */
  void get(int from, int to, ByteBuffer buffer);

  /** {@code length} zeros of a type. */
  static Values zeros(ElementType type, int length) {
    return switch (type) {
      case UINT8 -> new Bytes(new byte[length]);
      case FLOAT32 -> new Floats(new float[length]);
      case FLOAT64 -> new Doubles(new double[length]);
      case INT32 -> new Ints(new int[length]);
    };
  }

  /** Copies {@code count} values from {@code from} on to {@code target}, which is of this type. */
  default void copyTo(int from, Values target, int at, int count) {
    System.arraycopy(array(), from, target.array(), at, count);
  }

  /** A copy that is {@code length} values long, cut or filled up with zeros. */
  default Values resized(int length) {
    Values copy = zeros(type(), length);
    copyTo(0, copy, 0, Math.min(length, length()));
    return copy;
  }

  /** Writes all values. */
  default void writeTo(DataOutput out) throws IOException {
    int perChunk = CHUNK / type().bytes();
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(perChunk, length()) * type().bytes());
    for (int from = 0; from < length(); from += perChunk) {
      int to = Math.min(length(), from + perChunk);
      put(from, to, buffer);
      out.write(buffer.array(), 0, (to - from) * type().bytes());
    }
  }

  /** Reads {@code length} values. */
  static Values read(DataInput in, ElementType type, int length) throws IOException {
    int perChunk = CHUNK / type.bytes();
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(perChunk, length) * type.bytes());
    Values values = zeros(type, Math.min(length, perChunk));
    for (int from = 0; from < length; ) {
      if (from == values.length()) {
        values = values.resized((int) Math.min(length, 2L * from));
      }
      int to = Math.min(values.length(), from + perChunk);
      in.readFully(buffer.array(), 0, (to - from) * type.bytes());
      values.get(from, to, buffer);
      from = to;
    }
    return values;
  }

  /** Unsigned bytes. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by its digest
  record Bytes(byte[] array) implements Values {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public ElementType type() {
      return ElementType.UINT8;
    }

    @Override
    public double at(int index) {
      return array[index] & 0xFF;
    }

    @Override
    public void put(int from, int to, ByteBuffer buffer) {
      buffer.put(0, array, from, to - from);
    }

    @Override
    public void get(int from, int to, ByteBuffer buffer) {
      buffer.get(0, array, from, to - from);
    }
  }

  /** 32-bit floats. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by its digest
  record Floats(float[] array) implements Values {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public ElementType type() {
      return ElementType.FLOAT32;
    }

    @Override
    public double at(int index) {
      return array[index];
    }

    @Override
    public void put(int from, int to, ByteBuffer buffer) {
      buffer.asFloatBuffer().put(array, from, to - from);
    }

    @Override
    public void get(int from, int to, ByteBuffer buffer) {
      buffer.asFloatBuffer().get(array, from, to - from);
    }
  }

  /** 64-bit floats. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by its digest
  record Doubles(double[] array) implements Values {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public ElementType type() {
      return ElementType.FLOAT64;
    }

    @Override
    public double at(int index) {
      return array[index];
    }

    @Override
    public void put(int from, int to, ByteBuffer buffer) {
      buffer.asDoubleBuffer().put(array, from, to - from);
    }

    @Override
    public void get(int from, int to, ByteBuffer buffer) {
      buffer.asDoubleBuffer().get(array, from, to - from);
    }
  }

  /** 32-bit integers. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by its digest
  record Ints(int[] array) implements Values {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public ElementType type() {
      return ElementType.INT32;
    }

    @Override
    public double at(int index) {
      return array[index];
    }

    @Override
    public void put(int from, int to, ByteBuffer buffer) {
      buffer.asIntBuffer().put(array, from, to - from);
    }

    @Override
    public void get(int from, int to, ByteBuffer buffer) {
      buffer.asIntBuffer().get(array, from, to - from);
    }
  }

  /** Whether both hold the same bits. */
  default boolean sameBits(Values other) {
    return type() == other.type() && Arrays.equals(bytes(this), bytes(other));
  }

  private static byte[] bytes(Values values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.length(), values.type().bytes()));
    values.put(0, values.length(), buffer);
    return buffer.array();
  }
}
