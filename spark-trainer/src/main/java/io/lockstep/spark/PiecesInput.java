package io.lockstep.spark;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntFunction;
import org.apache.spark.network.buffer.ManagedBuffer;

/**
 * A stream of bytes that comes in pieces, the next of which is under way while one is read. The
 * first begins with the number of all, which is not part of what is read. Not thread-safe.
 */
final class PiecesInput extends InputStream {
  private final IntFunction<ArrivingBlock> pieces;
  private final int count;
  private int number;
  private ArrivingBlock ahead; // null behind the last
  private ManagedBuffer piece;
  private InputStream in;

  /** Reads pieces by their number. */
  PiecesInput(IntFunction<ArrivingBlock> pieces) throws IOException {
    this.pieces = pieces;
    take(pieces.apply(0));
    this.count = new DataInputStream(in).readInt();
    lookAhead();
  }

  private void take(ArrivingBlock arriving) throws IOException {
    piece = arriving.await();
    in = piece.createInputStream();
  }

  private void lookAhead() {
    ahead = ++number < count ? pieces.apply(number) : null;
  }

  private void letGo() throws IOException {
    in.close();
    piece.release();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = in.read(bytes, from, length);
    if (read >= 0 || ahead == null) {
      return read;
    }
    letGo();
    take(ahead);
    lookAhead();
    return read(bytes, from, length);
  }

  @Override
  public void close() throws IOException {
    letGo();
    if (ahead != null) {
      ahead.await().release();
    }
  }
}
