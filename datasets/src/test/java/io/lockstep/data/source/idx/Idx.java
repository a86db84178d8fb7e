package io.lockstep.data.source.idx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files for tests, true and lying ones. */
public final class Idx {
  static final int UINT8 = 0x08;
  static final int INT8 = 0x09;
  static final int INT16 = 0x0B;
  static final int INT32 = 0x0C;
  static final int FLOAT = 0x0D;
  static final int DOUBLE = 0x0E;

  private Idx() {}

  /** A header with what {@code values} say after it. */
  static byte[] of(int type, int[] dimensions, byte[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
    buffer.putInt(type << 8 | dimensions.length);
    for (int dimension : dimensions) {
      buffer.putInt(dimension);
    }
    return buffer.put(values).array();
  }

  /** Images of {@code height x width} whose pixels count upwards. */
  public static byte[] images(int count, int height, int width) {
    byte[] pixels = new byte[count * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    return of(UINT8, new int[] {count, height, width}, pixels);
  }

  public static byte[] labels(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return of(UINT8, new int[] {labels.length}, bytes);
  }

  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  public static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  public static String write(Path folder, String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }
}
