package io.lockstep.data;

import java.util.Locale;

/**
 * Turns rows of a block into minibatches.
 *
 * <p>Features are normalised here and not before, so images stay one byte per pixel in memory. The
 * arrays of a minibatch belong to the batcher and are overwritten by the next one: use it before
 * asking for another. Not thread-safe.
 */
public final class Batcher {
  private final ExampleBlock block;
  private final Normalizer normalizer;
  private final int outputs;
  private float[] features = new float[0];
  private float[] labels = new float[0];

  /**
   * @param outputs values per label row, as {@link Labels#widthFor} returned it
   */
  public Batcher(ExampleBlock block, Normalizer normalizer, int outputs) {
    this.block = block;
    this.normalizer = normalizer;
    this.outputs = outputs;
  }

  /** Returns a minibatch of the consecutive rows {@code range}. */
  public Minibatch assemble(IndexRange range) {
    int[] rows = new int[range.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = range.from() + i;
    }
    return assemble(rows);
  }

  /** Returns a minibatch of these rows, in this order. */
  public Minibatch assemble(int[] rows) {
    int size = rows.length;
    if (size < 1) {
      throw new IllegalArgumentException("a minibatch needs at least one row");
    }
    int width = block.width();
    features = roomy(features, (long) size * width);
    labels = roomy(labels, (long) size * outputs);
    for (int i = 0; i < size; i++) {
      block.featuresInto(rows[i], features, i * width);
      block.labelsInto(rows[i], labels, i * outputs, outputs);
    }
    normalizer.apply(features, 0, size, width);
    return new Minibatch(size, features, block.shape(), labels, outputs);
  }

  private static float[] roomy(float[] buffer, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "A minibatch of %,d values does not fit an array: make the batch smaller.",
              length));
    }
    return buffer.length >= length ? buffer : new float[(int) length];
  }
}
