package io.lockstep.data;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * One column of a block: a primitive array, big-endian when written.
 *
 * <p>Reading never trusts a length: arrays grow with the bytes that really arrive, so a lying
 * header costs no more memory than the data behind it.
 */
sealed interface Column {
  /** Bytes moved at a time. */
  int CHUNK = 1 << 16;

  /** The array itself. */
  Object values();

  /** Number of values. */
  int length();

  /** Bytes when written. */
  long encodedLength();

  void writeTo(DataOutput out) throws IOException;

  /** Copies {@code count} values from {@code from} to {@code target}; bytes are unsigned. */
  void copyTo(int from, float[] target, int offset, int count);

  /** Returns a column of {@code length} zeros of this kind. */
  Column ofLength(int length);

  /** Returns a copy of values {@code from} to {@code to - 1}. */
  default Column slice(int from, int to) {
    Column copy = ofLength(to - from);
    System.arraycopy(values(), from, copy.values(), 0, to - from);
    return copy;
  }

  /** Unsigned bytes. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by content hash
  record Bytes(byte[] values) implements Column {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public long encodedLength() {
      return values.length;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      out.write(values);
    }

    @Override
    public void copyTo(int from, float[] target, int offset, int count) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = values[from + i] & 0xFF;
      }
    }

    @Override
    public Column ofLength(int length) {
      return new Bytes(new byte[length]);
    }

    static Bytes read(DataInput in, int length) throws IOException {
      byte[] values = new byte[Math.min(length, CHUNK)];
      int filled = 0;
      while (filled < length) {
        values = grown(values, filled, length);
        in.readFully(values, filled, values.length - filled);
        filled = values.length;
      }
      return new Bytes(values);
    }

    private static byte[] grown(byte[] values, int filled, int length) {
      return filled < values.length ? values : Arrays.copyOf(values, doubled(filled, length));
    }
  }

  /** 32-bit floats. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by content hash
  record Floats(float[] values) implements Column {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public long encodedLength() {
      return 4L * values.length;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, encodedLength()));
      for (int done = 0; done < values.length; done += CHUNK / 4) {
        int count = Math.min(CHUNK / 4, values.length - done);
        buffer.asFloatBuffer().put(values, done, count);
        out.write(buffer.array(), 0, 4 * count);
      }
    }

    @Override
    public void copyTo(int from, float[] target, int offset, int count) {
      System.arraycopy(values, from, target, offset, count);
    }

    @Override
    public Column ofLength(int length) {
      return new Floats(new float[length]);
    }

    static Floats read(DataInput in, int length) throws IOException {
      byte[] buffer = new byte[(int) Math.min(CHUNK, 4L * length)];
      float[] values = new float[Math.min(length, CHUNK / 4)];
      for (int filled = 0; filled < length; ) {
        if (filled == values.length) {
          values = Arrays.copyOf(values, doubled(filled, length));
        }
        int count = Math.min(CHUNK / 4, values.length - filled);
        in.readFully(buffer, 0, 4 * count);
        ByteBuffer.wrap(buffer).asFloatBuffer().get(values, filled, count);
        filled += count;
      }
      return new Floats(values);
    }
  }

  /** 32-bit integers: ids and class labels. */
  @SuppressWarnings("ArrayRecordComponent") // a named array; compared by content hash
  record Ints(int[] values) implements Column {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public long encodedLength() {
      return 4L * values.length;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, encodedLength()));
      for (int done = 0; done < values.length; done += CHUNK / 4) {
        int count = Math.min(CHUNK / 4, values.length - done);
        buffer.asIntBuffer().put(values, done, count);
        out.write(buffer.array(), 0, 4 * count);
      }
    }

    @Override
    public void copyTo(int from, float[] target, int offset, int count) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = values[from + i];
      }
    }

    @Override
    public Column ofLength(int length) {
      return new Ints(new int[length]);
    }

    static Ints read(DataInput in, int length) throws IOException {
      byte[] buffer = new byte[(int) Math.min(CHUNK, 4L * length)];
      int[] values = new int[Math.min(length, CHUNK / 4)];
      for (int filled = 0; filled < length; ) {
        if (filled == values.length) {
          values = Arrays.copyOf(values, doubled(filled, length));
        }
        int count = Math.min(CHUNK / 4, values.length - filled);
        in.readFully(buffer, 0, 4 * count);
        ByteBuffer.wrap(buffer).asIntBuffer().get(values, filled, count);
        filled += count;
      }
      return new Ints(values);
    }
  }

  /** Returns the columns, all of the kind of the first, as one. */
  static Column concat(List<Column> parts, int length) {
    Column all = parts.get(0).ofLength(length);
    int at = 0;
    for (Column part : parts) {
      System.arraycopy(part.values(), 0, all.values(), at, part.length());
      at += part.length();
    }
    return all;
  }

  private static int doubled(int filled, int length) {
    return (int) Math.min(length, 2L * filled);
  }
}
