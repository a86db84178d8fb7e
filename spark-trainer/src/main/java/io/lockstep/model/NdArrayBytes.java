package io.lockstep.model;

import io.lockstep.data.InputException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Reads the array format of ND4J (BaseDataBuffer.write) without believing it.
 *
 * <p>Big-endian: two buffers, shape and data, each {@code UTF allocation mode | int64 length | UTF
 * type | values}. ND4J's own reader returns foreign memory where fewer values follow than are
 * announced.
 */
final class NdArrayBytes {
  private static final int MAX_SHAPE_INFO = 2 * 32 + 4;
  private static final int CHUNK_BYTES = 1 << 16;

  private NdArrayBytes() {}

  /**
   * The values of a float array that must have {@code length} of them, straight from the stream.
   *
   * @param in at the array's beginning; read to the array's end and not beyond
   * @throws InputException if it announces something else
   * @throws java.io.EOFException if it ends before
   */
  static float[] floats(InputStream in, int length, String file) throws IOException {
    var data = new DataInputStream(in);
    skipShape(data, file);
    data.readUTF();
    long announced = data.readLong();
    String type = data.readUTF();
    if (!type.equals("FLOAT") || announced != length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: coefficients.bin holds %,d values of type %s, the network needs %,d of type"
                  + " FLOAT",
              file,
              announced,
              type,
              length));
    }
    float[] values = new float[length];
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int at = 0; at < length; ) {
      int count = Math.min(CHUNK_BYTES / Float.BYTES, length - at);
      data.readFully(chunk, 0, count * Float.BYTES);
      ByteBuffer.wrap(chunk).asFloatBuffer().get(values, at, count);
      at += count;
    }
    return values;
  }

  private static void skipShape(DataInputStream in, String file) throws IOException {
    in.readUTF();
    long length = in.readLong();
    String type = in.readUTF();
    if (!type.equals("LONG") || length < 0 || length > MAX_SHAPE_INFO) {
      throw new InputException(file + ": coefficients.bin does not begin with a shape");
    }
    in.skipNBytes(length * Long.BYTES);
  }
}
