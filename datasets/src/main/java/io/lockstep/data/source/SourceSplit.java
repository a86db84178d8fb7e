package io.lockstep.data.source;

import java.io.Serializable;

/**
 * A part of a source that one task reads: a range of bytes, or of rows, of a file.
 *
 * @param index of the split within its source, from 0; examples are numbered by it
 * @param file that it is part of, as the source names it
 * @param from first byte or row
 * @param to byte or row after the last
 */
public record SourceSplit(int index, String file, long from, long to) implements Serializable {
  /** Bytes of a split of a plain file; never changed, since it decides the content's hash. */
  public static final long BYTES = 32L << 20;

  public SourceSplit {
    if (index < 0 || from < 0 || to < from) {
      throw new IllegalArgumentException(
          "split %d of %s from %d to %d".formatted(index, file, from, to));
    }
  }
}
