package io.lockstep.model;

import io.lockstep.data.InputException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/**
 * Reads the array format of ND4J (BaseDataBuffer.write) without believing it.
 *
 * <p>Big-endian: two buffers, shape and data, each {@code UTF allocation mode | int64 length | UTF
 * type | values}. ND4J's own reader returns foreign memory where fewer values follow than are
 * announced.
 */
final class NdArrayBytes {
  private static final int MAX_SHAPE_INFO = 2 * 32 + 4;

  private NdArrayBytes() {}

  /** The values of a float array that must have {@code length} of them. */
  static float[] floats(byte[] bytes, int length, String file) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      skipShape(in, file);
      in.readUTF();
      long announced = in.readLong();
      String type = in.readUTF();
      if (!type.equals("FLOAT") || announced != length || in.available() < length * 4L) {
        throw new InputException(
            "%s: coefficients.bin holds %d values of type %s in %d bytes, the network needs %d of type FLOAT"
                .formatted(file, announced, type, in.available(), length));
      }
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = in.readFloat();
      }
      return values;
    } catch (IOException e) {
      throw new InputException(file + ": coefficients.bin is damaged", e);
    }
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
