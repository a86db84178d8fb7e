package io.lockstep.evaluate;

import java.nio.ByteBuffer;

/**
 * Hits, predictions and labels of several classes or yes-no columns.
 *
 * <p>Byte layout: hits, predicted and actual per class, 3 x width longs.
 */
final class HitCounts {
  private final long[] hits;
  private final long[] predicted;
  private final long[] actual;

  HitCounts(int width) {
    hits = new long[width];
    predicted = new long[width];
    actual = new long[width];
  }

  /** Counts an example of class {@code label} that was taken for class {@code guess}. */
  void addClass(int guess, int label) {
    actual[label]++;
    predicted[guess]++;
    hits[label] += label == guess ? 1 : 0;
  }

  /** Counts a yes or no of one column. */
  void addColumn(int column, boolean guess, boolean label) {
    hits[column] += guess && label ? 1 : 0;
    predicted[column] += guess ? 1 : 0;
    actual[column] += label ? 1 : 0;
  }

  /** The counts of one class or column. */
  Counts of(int index) {
    return new Counts(hits[index], predicted[index], actual[index]);
  }

  void merge(HitCounts that) {
    Longs.add(hits, that.hits);
    Longs.add(predicted, that.predicted);
    Longs.add(actual, that.actual);
  }

  long encodedBytes() {
    return 3L * hits.length * Long.BYTES;
  }

  void write(ByteBuffer out) {
    Longs.write(out, hits);
    Longs.write(out, predicted);
    Longs.write(out, actual);
  }

  void read(ByteBuffer in) {
    Longs.read(in, hits);
    Longs.read(in, predicted);
    Longs.read(in, actual);
  }
}
