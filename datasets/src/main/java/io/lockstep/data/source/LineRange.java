package io.lockstep.data.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a file that begin in a range of bytes.
 *
 * <p>A range owns the lines from its first on: it begins after the first line feed at or after the
 * byte before it, and goes on to the line feed that ends its last line. So ranges that follow each
 * other share all lines of a file, each owned once, wherever they are cut. Nothing is read ahead
 * but a few KiB at the end.
 */
public final class LineRange extends FilterInputStream {
  private static final int AHEAD = 1 << 12;

  private final byte[] one = new byte[1];
  private final long to;
  private long position; // of the next byte that is handed out
  private boolean ended;
  private byte[] held = new byte[0]; // read while the beginning was looked for
  private int heldAt;

  /**
   * @param in open at {@code from - 1}, or at the beginning if {@code from} is 0
   */
  private LineRange(InputStream in, long from, long to) {
    super(in);
    this.to = to;
    this.position = from;
  }

  /** The lines that begin in {@code [from, to)} of a file that is open at {@link #start}. */
  public static LineRange of(InputStream in, long from, long to) throws IOException {
    var range = new LineRange(in, from, to);
    if (from > 0) {
      range.skipToLine(from);
    }
    return range;
  }

  /** Where a file must be opened for a range that begins at {@code from}. */
  public static long start(long from) {
    return Math.max(0, from - 1);
  }

  private void skipToLine(long from) throws IOException {
    position = from - 1;
    byte[] chunk = new byte[AHEAD];
    for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
      for (int i = 0; i < read; i++) {
        if (chunk[i] == '\n') {
          position += i + 1;
          held = java.util.Arrays.copyOfRange(chunk, i + 1, read);
          // A line that begins at or after the end is the next range's.
          ended = position >= to;
          return;
        }
      }
      position += read;
    }
    ended = true;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    int read = fetch(target, offset, length);
    if (read < 0) {
      ended = true;
      return -1;
    }
    // The last line ends with the first line feed at or after the last byte of the range.
    for (long i = Math.max(0, to - 1 - position); i < read; i++) {
      if (target[offset + (int) i] == '\n') {
        ended = true;
        position += i + 1;
        return (int) i + 1;
      }
    }
    position += read;
    return read;
  }

  private int fetch(byte[] target, int offset, int length) throws IOException {
    if (heldAt < held.length) {
      int count = Math.min(length, held.length - heldAt);
      System.arraycopy(held, heldAt, target, offset, count);
      heldAt += count;
      return count;
    }
    long left = to - position;
    return in.read(target, offset, (int) Math.min(length, left > 0 ? left : AHEAD));
  }
}
