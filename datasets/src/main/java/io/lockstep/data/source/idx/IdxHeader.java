package io.lockstep.data.source.idx;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.Packing;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * The header of a file in the IDX format of the MNIST data base: type and dimensions, after which
 * all values follow in row-major order, big-endian.
 *
 * <p>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section
 * "File formats".
 *
 * @param name of the file, for messages
 * @param type of the values
 * @param dimensions the first being the number of rows
 * @param packed whether the file is compressed, so that it has to be read from its beginning
 */
public record IdxHeader(String name, Type type, List<Integer> dimensions, boolean packed)
    implements java.io.Serializable {
  private static final int MAX_RANK = 8;

  /** Type of the values, by the code in the header's third byte. */
  public enum Type {
    UINT8(0x08, 1),
    INT8(0x09, 1),
    INT16(0x0B, 2),
    INT32(0x0C, 4),
    FLOAT32(0x0D, 4),
    FLOAT64(0x0E, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** Bytes of one value. */
    int bytes() {
      return bytes;
    }

    /** Whether values are whole numbers, so that they can be classes. */
    public boolean integral() {
      return this != FLOAT32 && this != FLOAT64;
    }
  }

  /**
   * Reads a file's header and compares it with the file's length.
   *
   * @throws InputException if it is not IDX, or its header says more or less than the file holds
   */
  public static IdxHeader of(Configuration hadoop, DataFile file) throws IOException {
    try (InputStream raw = file.openRaw(hadoop, 0)) {
      byte[] start = raw.readNBytes(Packing.SIGNATURE);
      if (Packing.of(start) == Packing.NONE) {
        // Not a byte more than the header: each task that reads a part of the file comes by here.
        var whole = new SequenceInputStream(new ByteArrayInputStream(start), raw);
        IdxHeader header = read(file.name(), whole, false);
        header.checkLength(file.length(), true);
        return header;
      }
    }
    try (DataFile.Content content = file.openContent(hadoop)) {
      IdxHeader header = read(file.name(), content.in(), true);
      header.checkLength(content.length(), false);
      return header;
    } catch (IOException e) {
      if (Packing.isDamage(e)) {
        throw Packing.damaged(file.name(), e);
      }
      throw e;
    }
  }

  static IdxHeader read(String name, InputStream in, boolean packed) throws IOException {
    var data = new DataInputStream(in);
    try {
      return read(name, data, packed);
    } catch (EOFException e) {
      if (packed) {
        throw Packing.damaged(name, e);
      }
      throw new InputException(
          name + ": is too short to be an IDX file. Get it again, or name the right file.", e);
    }
  }

  private static IdxHeader read(String name, DataInputStream data, boolean packed)
      throws IOException {
    int magic = data.readInt();
    if (magic >>> 16 != 0) {
      throw wrong(
          name,
          "is not an IDX file: it begins with %08x where IDX has 0000, a type and a rank. IDX"
              + " files are made with tools such as idx2numpy; for tables use csv.",
          magic);
    }
    Type type = typeOf(name, (magic >>> 8) & 0xFF);
    int rank = magic & 0xFF;
    if (rank < 1 || rank > MAX_RANK) {
      throw wrong(name, "its IDX header says %d dimensions; 1 to %d can be read.", rank, MAX_RANK);
    }
    Integer[] dimensions = new Integer[rank];
    for (int i = 0; i < rank; i++) {
      dimensions[i] = data.readInt();
      if (dimensions[i] < 0 || (i > 0 && dimensions[i] == 0)) {
        throw wrong(
            name,
            "its IDX header says dimension %d is %d, which cannot be.",
            i,
            Integer.toUnsignedLong(dimensions[i]));
      }
    }
    var header = new IdxHeader(name, type, List.of(dimensions), packed);
    if (header.values() > Integer.MAX_VALUE) {
      throw wrong(
          name,
          "its IDX header says %s, more than one example may have.",
          Arrays.toString(dimensions));
    }
    return header;
  }

  private static Type typeOf(String name, int code) {
    for (Type candidate : Type.values()) {
      if (candidate.code == code) {
        return candidate;
      }
    }
    throw wrong(
        name,
        "its IDX header names value type 0x%02x; known are 08 (uint8), 09 (int8), 0b (int16),"
            + " 0c (int32), 0d (float) and 0e (double).",
        code);
  }

  private void checkLength(long there, boolean exact) {
    long expected = length() + rows() * rowBytes(); // < 2^31 * 2^31 * 8
    boolean fits = exact ? expected == there : expected <= there;
    if (expected < 0 || !fits) {
      throw wrong(
          "its IDX header says %s %s, which is %s bytes with the header, but the file holds"
              + " %s%,d. It is %s: get it again.",
          type,
          dimensions,
          expected < 0 ? "too many" : String.format(Locale.ROOT, "%,d", expected),
          exact ? "" : "at most ",
          there,
          expected >= 0 && expected < there ? "not what it says" : "cut short or damaged");
    }
  }

  /** Bytes of the header itself. */
  int length() {
    return 4 + 4 * dimensions.size();
  }

  /** Number of rows. */
  public long rows() {
    return dimensions.get(0);
  }

  /** Shape of one row, empty if it is a single value. */
  public List<Integer> shape() {
    return dimensions.subList(1, dimensions.size());
  }

  /** Values of one row. */
  public long values() {
    return shape().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** Bytes of one row. */
  public long rowBytes() {
    return values() * type.bytes;
  }

  /** An error about this file. */
  public InputException wrong(String format, Object... values) {
    return wrong(name, format, values);
  }

  private static InputException wrong(String name, String format, Object... values) {
    return new InputException(name + ": " + String.format(Locale.ROOT, format, values));
  }
}
