package io.lockstep.spark;

import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes to an array of just the right length, without a copy. */
final class ExactBytes {
  /** Something that writes. */
  @FunctionalInterface
  interface Writer {
    void write(DataOutput to) throws IOException;
  }

  private ExactBytes() {}

  /** The {@code size} bytes that {@code writer} writes. */
  static byte[] of(int size, Writer writer) {
    var filling = new Filling(new byte[size]);
    try {
      writer.write(new DataOutputStream(filling));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    if (filling.at != size) {
      throw new AssertionError(filling.at + " bytes were written, " + size + " announced");
    }
    return filling.bytes;
  }

  private static final class Filling extends OutputStream {
    private final byte[] bytes;
    private int at;

    Filling(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void write(int value) {
      bytes[at++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      System.arraycopy(from, offset, bytes, at, length);
      at += length;
    }
  }
}
