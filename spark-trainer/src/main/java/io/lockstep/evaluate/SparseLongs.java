package io.lockstep.evaluate;

import java.nio.ByteBuffer;

/**
 * Arrays of counts of which most are 0: the confusion matrix of many classes, of which a piece of
 * the examples fills few cells.
 *
 * <p>Byte layout: number of cells (int) that are not 0, then position (int) and count (long) of
 * each; or, where that would be longer, -1 (int) and all counts.
 */
final class SparseLongs {
  private SparseLongs() {}

  private static int filled(long[] values) {
    int filled = 0;
    for (long value : values) {
      filled += value == 0 ? 0 : 1;
    }
    return (long) filled * (Integer.BYTES + Long.BYTES) < (long) values.length * Long.BYTES
        ? filled
        : -1;
  }

  static long encodedBytes(long[] values) {
    int filled = filled(values);
    return Integer.BYTES
        + (filled < 0
            ? (long) values.length * Long.BYTES
            : (long) filled * (Integer.BYTES + Long.BYTES));
  }

  static void write(ByteBuffer out, long[] values) {
    int filled = filled(values);
    out.putInt(filled);
    if (filled < 0) {
      Longs.write(out, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        out.putInt(i).putLong(values[i]);
      }
    }
  }

  /** Reads into zeros. */
  static void read(ByteBuffer in, long[] values) {
    int filled = in.getInt();
    if (filled < 0) {
      Longs.read(in, values);
      return;
    }
    for (int i = 0; i < filled; i++) {
      int at = in.getInt();
      if (at < 0 || at >= values.length) {
        throw new IllegalArgumentException(
            "Evaluation state counts cell %d of %d".formatted(at, values.length));
      }
      values[at] = in.getLong();
    }
  }
}
