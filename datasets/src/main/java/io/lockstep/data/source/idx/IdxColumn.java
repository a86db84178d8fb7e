package io.lockstep.data.source.idx;

import io.lockstep.data.file.DataFile;
import io.lockstep.data.source.SourceSplit;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;

/** The values of an IDX file, open at a row. Not thread-safe. */
public record IdxColumn(IdxHeader header, InputStream in) implements AutoCloseable {
  public static IdxColumn open(Configuration hadoop, DataFile file, SourceSplit split)
      throws IOException {
    IdxHeader header = IdxHeader.of(hadoop, file);
    if (!header.packed()) {
      long at = header.length() + split.from() * header.rowBytes();
      return new IdxColumn(header, file.openRaw(hadoop, at));
    }
    // A packed file has one split, so its rows follow its header.
    InputStream in = file.openContent(hadoop).in();
    try {
      in.skipNBytes(header.length());
      return new IdxColumn(header, in);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  int rowBytes() {
    return Math.toIntExact(header.rowBytes());
  }

  public byte[] read(int rows) throws IOException {
    byte[] read = in.readNBytes(Math.multiplyExact(rows, rowBytes()));
    if (read.length < rows * rowBytes()) {
      throw new EOFException("it ends early");
    }
    return read;
  }

  /** Values as they stand in the file. */
  public double next(ByteBuffer buffer) {
    return switch (header.type()) {
      case UINT8 -> buffer.get() & 0xFF;
      case INT8 -> buffer.get();
      case INT16 -> buffer.getShort();
      case INT32 -> buffer.getInt();
      case FLOAT32 -> buffer.getFloat();
      case FLOAT64 -> buffer.getDouble();
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
