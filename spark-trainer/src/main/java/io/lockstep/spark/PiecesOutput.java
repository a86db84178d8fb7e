package io.lockstep.spark;

import java.io.OutputStream;
import java.util.Arrays;

/** A stream of bytes that is put down piece by piece. Not thread-safe. */
final class PiecesOutput extends OutputStream {
  /** Where pieces go. */
  interface Shelf {
    /** Takes a piece, whose bytes are its own from now on. */
    void put(int number, byte[] bytes);
  }

  private final Shelf shelf;
  private final byte[] piece;
  private int filled;
  private int number;

  /** Pieces of {@code bytes}, the last of which may be shorter. */
  PiecesOutput(int bytes, Shelf shelf) {
    this.piece = new byte[bytes];
    this.shelf = shelf;
  }

  /** Number of pieces that a stream is cut into. */
  static int count(long bytes, int pieceBytes) {
    return Math.toIntExact((bytes + pieceBytes - 1) / pieceBytes);
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    for (int done = 0; done < length; ) {
      int count = Math.min(length - done, piece.length - filled);
      System.arraycopy(bytes, from + done, piece, filled, count);
      done += count;
      filled += count;
      if (filled == piece.length) {
        putDown();
      }
    }
  }

  private void putDown() {
    shelf.put(number++, Arrays.copyOf(piece, filled));
    filled = 0;
  }

  @Override
  public void close() {
    if (filled > 0) {
      putDown();
    }
  }
}
