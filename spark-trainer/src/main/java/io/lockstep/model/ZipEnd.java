package io.lockstep.model;

import io.lockstep.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Whether a zip file is whole, told by its two ends: a copy that was cut off lacks the directory of
 * its entries, which stands last, though much of it may still be readable.
 */
final class ZipEnd {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int END_OF_DIRECTORY = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT_BYTES = 0xFFFF;
  private static final long IN_ZIP64 = 0xFFFFFFFFL;

  private ZipEnd() {}

  /**
   * Looks at both ends of a file.
   *
   * @throws InputException if it is no zip file, or not a whole one
   */
  static void check(FSDataInputStream in, long length, String file) throws IOException {
    if (length < Integer.BYTES || read(in, 0, Integer.BYTES).getInt(0) != LOCAL_HEADER) {
      throw new InputException(
          "%s is no zip file, so it is no model that lockstep train wrote (its run directory has"
                  .formatted(file)
              + " one, model.zip)");
    }
    int tail = (int) Math.min(length, END_BYTES + MAX_COMMENT_BYTES);
    ByteBuffer end = read(in, length - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (end.getInt(at) == END_OF_DIRECTORY && isLast(end, at, tail)) {
        directory(end, at, length - tail + at, file);
        return;
      }
    }
    throw cut(file, length);
  }

  private static boolean isLast(ByteBuffer end, int at, int tail) {
    return at + END_BYTES + (end.getShort(at + 20) & 0xFFFF) == tail;
  }

  private static void directory(ByteBuffer end, int at, long position, String file) {
    long size = end.getInt(at + 12) & 0xFFFFFFFFL;
    long from = end.getInt(at + 16) & 0xFFFFFFFFL;
    if (size != IN_ZIP64 && from != IN_ZIP64 && from + size > position) {
      throw cut(file, position + END_BYTES);
    }
  }

  private static InputException cut(String file, long length) {
    return new InputException(
        "%s is not a whole zip file: it has %,d bytes, and its end is missing. Copy it again"
            .formatted(file, length));
  }

  private static ByteBuffer read(FSDataInputStream in, long from, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(from, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
