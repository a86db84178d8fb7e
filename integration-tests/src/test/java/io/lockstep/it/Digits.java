package io.lockstep.it;

import io.lockstep.data.source.idx.EmbeddedSource;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/** The first of the embedded digits, as IDX files that a test can lay down where it likes. */
final class Digits {
  private static final int ROWS_AND_COLUMNS = 8;

  private Digits() {}

  /** Writes {@code count} images of 28 x 28. */
  static void writeImages(String part, int count, OutputStream to) throws IOException {
    try (DataInputStream in = open(part + "-images-idx3-ubyte.gz");
        DataOutputStream out = new DataOutputStream(to)) {
      out.writeInt(in.readInt());
      in.readInt();
      out.writeInt(count);
      out.write(in.readNBytes(ROWS_AND_COLUMNS + count * 28 * 28));
    }
  }

  /** Writes {@code count} labels. */
  static void writeLabels(String part, int count, OutputStream to) throws IOException {
    try (DataInputStream in = open(part + "-labels-idx1-ubyte.gz");
        DataOutputStream out = new DataOutputStream(to)) {
      out.writeInt(in.readInt());
      in.readInt();
      out.writeInt(count);
      out.write(in.readNBytes(count));
    }
  }

  private static DataInputStream open(String file) throws IOException {
    InputStream in =
        EmbeddedSource.class.getResourceAsStream("/io/lockstep/data/mnist-10k/" + file);
    return new DataInputStream(new GZIPInputStream(in));
  }
}
