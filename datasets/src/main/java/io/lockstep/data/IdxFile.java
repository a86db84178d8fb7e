package io.lockstep.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;

/**
 * A file in the IDX format of the MNIST data base: a header with type and dimensions, then all
 * values in row-major order, big-endian.
 *
 * <p>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section
 * "File formats". Opened, read once from front to back, closed. Not thread-safe.
 */
final class IdxFile implements AutoCloseable {
  private static final int MAX_RANK = 8;

  /** Type of the values, by the code in the header's third byte. */
  enum Type {
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

    /** Whether values are whole numbers, so that they can be classes. */
    boolean integral() {
      return this != FLOAT32 && this != FLOAT64;
    }
  }

  private final DataFile file;
  private final DataFile.Content content;
  private final Type type;
  private final int[] dimensions;
  private final int rowValues;
  private int row;

  private IdxFile(DataFile file, DataFile.Content content) throws IOException {
    this.file = file;
    this.content = content;
    int magic = readInt();
    if (magic >>> 16 != 0) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "is not an IDX file: it begins with %08x where IDX has 0000, a type and a rank. IDX"
                  + " files are made with tools such as idx2numpy; for tables use csv.",
              magic));
    }
    this.type = typeOf((magic >>> 8) & 0xFF);
    this.dimensions = readDimensions(magic & 0xFF);
    this.rowValues = checkSizes();
  }

  /**
   * Opens a file and checks its header against the bytes that are there.
   *
   * @throws InputException if it is not IDX, or its header says more or less than the file holds
   */
  static IdxFile open(Configuration hadoop, String path) throws IOException {
    return open(DataFile.of(hadoop, path));
  }

  /** See {@link #open(Configuration, String)}. */
  static IdxFile open(DataFile file) throws IOException {
    DataFile.Content content;
    try {
      content = file.open();
    } catch (ZipException | EOFException e) {
      throw damaged(file, e);
    }
    try {
      return new IdxFile(file, content);
    } catch (IOException | RuntimeException e) {
      try {
        content.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private Type typeOf(int code) {
    for (Type candidate : Type.values()) {
      if (candidate.code == code) {
        return candidate;
      }
    }
    throw wrong(
        String.format(
            Locale.ROOT,
            "its IDX header names value type 0x%02x; known are 08 (uint8), 09 (int8), 0b (int16),"
                + " 0c (int32), 0d (float) and 0e (double).",
            code));
  }

  private int[] readDimensions(int rank) throws IOException {
    if (rank < 1 || rank > MAX_RANK) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "its IDX header says %d dimensions; 1 to %d can be read.",
              rank,
              MAX_RANK));
    }
    int[] read = new int[rank];
    for (int i = 0; i < rank; i++) {
      read[i] = readInt();
      if (read[i] < 0 || (i > 0 && read[i] == 0)) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "its IDX header says dimension %d is %d, which cannot be.",
                i,
                Integer.toUnsignedLong(read[i])));
      }
    }
    return read;
  }

  /** Compares header and length; returns values per row. */
  private int checkSizes() {
    long perRow = 1;
    for (int i = 1; i < dimensions.length; i++) {
      perRow *= dimensions[i];
      if (perRow > Integer.MAX_VALUE) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "its IDX header says %s, more than one example may have.",
                Arrays.toString(dimensions)));
      }
    }
    long expected = headerLength() + dimensions[0] * perRow * type.bytes; // < 2^31 * 2^31 * 8
    boolean fits = content.exact() ? expected == content.length() : expected <= content.length();
    if (expected < 0 || !fits) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "its IDX header says %s %s, which is %s bytes with the header, but the file holds"
                  + " %s%,d. It is %s: get it again.",
              type,
              Arrays.toString(dimensions),
              expected < 0 ? "too many" : String.format(Locale.ROOT, "%,d", expected),
              content.exact() ? "" : "at most ",
              content.length(),
              expected >= 0 && expected < content.length()
                  ? "not what it says"
                  : "cut short or damaged"));
    }
    return (int) perRow;
  }

  private long headerLength() {
    return 4 + 4L * dimensions.length;
  }

  /** Number of rows, the first dimension. */
  int rows() {
    return dimensions[0];
  }

  /** All dimensions, the first being the number of rows. */
  int[] dimensions() {
    return dimensions;
  }

  Type type() {
    return type;
  }

  String name() {
    return file.name();
  }

  /**
   * Reads on to the end, to be sure that the file holds what its header says; at once for files
   * that are not compressed, whose length has been compared already.
   */
  void checkToEnd() throws IOException {
    if (content.exact()) {
      return;
    }
    skipTo(rows());
    try {
      if (content.in().read() != -1) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "holds more than the %s %s of its IDX header. It is not what it says: get it"
                    + " again.",
                type,
                Arrays.toString(dimensions)));
      }
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    }
  }

  /** Reads unsigned bytes of some rows, {@code [positions, ...]}. */
  byte[] readBytes(int[] positions) throws IOException {
    int total = total(positions);
    byte[] values = new byte[Math.min(total, 1 << 20)];
    int filled = 0;
    for (int position : positions) {
      skipTo(position);
      if (values.length < filled + rowValues) {
        long doubled = Math.max(2L * values.length, (long) filled + rowValues);
        values = Arrays.copyOf(values, (int) Math.min(total, doubled));
      }
      readFully(values, filled, rowValues);
      filled += rowValues;
      row++;
    }
    return values;
  }

  /** Reads some rows of any type as floats, {@code [positions, ...]}; all must be finite. */
  float[] readFloats(int[] positions) throws IOException {
    int total = total(positions);
    float[] values = new float[Math.min(total, 1 << 18)];
    byte[] raw = new byte[Math.min(rowValues * type.bytes, 1 << 16)];
    int filled = 0;
    for (int position : positions) {
      skipTo(position);
      for (int done = 0; done < rowValues; ) {
        int count = Math.min(raw.length / type.bytes, rowValues - done);
        readFully(raw, 0, count * type.bytes);
        if (values.length < filled + count) {
          values = Arrays.copyOf(values, (int) Math.min(total, 2L * values.length + count));
        }
        ByteBuffer buffer = ByteBuffer.wrap(raw);
        for (int i = 0; i < count; i++) {
          values[filled++] = finite(next(buffer), position);
        }
        done += count;
      }
      row++;
    }
    return values;
  }

  /** Hands every value of a one-dimensional file of whole numbers to {@code consumer}. */
  void forEachInt(IntConsumer consumer) throws IOException {
    byte[] raw = new byte[1 << 16];
    while (row < rows()) {
      int count = Math.min(raw.length / type.bytes, rows() - row);
      readFully(raw, 0, count * type.bytes);
      ByteBuffer buffer = ByteBuffer.wrap(raw);
      for (int i = 0; i < count; i++) {
        consumer.accept(nextInt(buffer));
        row++;
      }
    }
  }

  /** Position of the value that {@link #forEachInt} is handing over. */
  int row() {
    return row;
  }

  /** Reads some values of a one-dimensional file of whole numbers. */
  int[] readInts(int[] positions) throws IOException {
    total(positions);
    int[] values = new int[positions.length];
    byte[] raw = new byte[type.bytes];
    for (int i = 0; i < positions.length; i++) {
      skipTo(positions[i]);
      readFully(raw, 0, raw.length);
      values[i] = nextInt(ByteBuffer.wrap(raw));
      row++;
    }
    return values;
  }

  private float finite(double value, int position) {
    float narrow = (float) value;
    if (Float.isFinite(narrow)) {
      return narrow;
    }
    throw wrong(
        String.format(
            Locale.ROOT,
            "example %,d (counted from 0) holds %s, which is not a finite 32-bit number. Clean the"
                + " data before training.",
            position,
            value));
  }

  private double next(ByteBuffer buffer) {
    return switch (type) {
      case FLOAT32 -> buffer.getFloat();
      case FLOAT64 -> buffer.getDouble();
      default -> nextInt(buffer);
    };
  }

  private int nextInt(ByteBuffer buffer) {
    return switch (type) {
      case UINT8 -> buffer.get() & 0xFF;
      case INT8 -> buffer.get();
      case INT16 -> buffer.getShort();
      case INT32 -> buffer.getInt();
      default -> throw new IllegalStateException(type + " are not whole numbers");
    };
  }

  /** Returns how many values these rows hold, after checking the rows. */
  private int total(int[] positions) {
    int before = -1;
    for (int position : positions) {
      if (position <= before) {
        throw new IllegalArgumentException("positions are not ascending: " + position);
      }
      before = position;
    }
    if (before >= rows()) {
      throw wrong(
          String.format(
              Locale.ROOT, "has %,d examples, no position %,d (counted from 0).", rows(), before));
    }
    long total = (long) positions.length * rowValues;
    if (total > Integer.MAX_VALUE - 8) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "%,d examples of %,d values do not fit one block (2^31 values). Use more replicas.",
              positions.length,
              rowValues));
    }
    return (int) total;
  }

  private void skipTo(int position) throws IOException {
    try {
      content.in().skipNBytes((position - row) * (long) rowValues * type.bytes);
      row = position;
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    }
  }

  private void readFully(byte[] target, int offset, int count) throws IOException {
    try {
      if (content.in().readNBytes(target, offset, count) < count) {
        throw new EOFException("the file ends within example " + row);
      }
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    }
  }

  private int readInt() throws IOException {
    byte[] bytes = new byte[4];
    InputStream in = content.in();
    try {
      if (in.readNBytes(bytes, 0, 4) < 4) {
        throw wrong("is too short to be an IDX file: it ends within the header. Get it again.");
      }
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  static InputException damaged(DataFile file, IOException cause) {
    return new InputException(
        file.name() + ": cut short or damaged (" + cause.getMessage() + "). Get it again.", cause);
  }

  /** An error about this file: its name, then what is wrong with it. */
  InputException wrong(String problem) {
    return new InputException(file.name() + ": " + problem);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
