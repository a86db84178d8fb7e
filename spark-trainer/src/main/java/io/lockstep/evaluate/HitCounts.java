package io.lockstep.evaluate;

import java.nio.ByteBuffer;

/**
 * Hits, predictions and labels of several classes or yes-no columns, each example counted by its
 * weight; and how many examples there were of each, whatever they weigh.
 *
 * <p>Byte layout: hits, predicted and actual per class, 3 x width doubles; then 0 (int) if each
 * example counts 1, else 1 and the examples per class, width longs.
 */
final class HitCounts {
  private final double[] hits;
  private final double[] predicted;
  private final double[] actual;
  private final long[] examples;

  HitCounts(int width) {
    hits = new double[width];
    predicted = new double[width];
    actual = new double[width];
    examples = new long[width];
  }

  /** Counts an example of class {@code label} that was taken for class {@code guess}. */
  void addClass(int guess, int label, double weight) {
    examples[label]++;
    actual[label] += weight;
    predicted[guess] += weight;
    hits[label] += label == guess ? weight : 0;
  }

  /** Counts a yes or no of one column. */
  void addColumn(int column, boolean guess, boolean label, double weight) {
    examples[column] += label ? 1 : 0;
    hits[column] += guess && label ? weight : 0;
    predicted[column] += guess ? weight : 0;
    actual[column] += label ? weight : 0;
  }

  /** The counts of one class or column. */
  Counts of(int index) {
    return new Counts(hits[index], predicted[index], actual[index], examples[index]);
  }

  void merge(HitCounts that) {
    Doubles.add(hits, that.hits);
    Doubles.add(predicted, that.predicted);
    Doubles.add(actual, that.actual);
    Longs.add(examples, that.examples);
  }

  long encodedBytes() {
    return 3L * hits.length * Double.BYTES
        + Integer.BYTES
        + (weighted() ? (long) examples.length * Long.BYTES : 0);
  }

  private boolean weighted() {
    for (int i = 0; i < examples.length; i++) {
      if (examples[i] != actual[i]) {
        return true;
      }
    }
    return false;
  }

  void write(ByteBuffer out) {
    Doubles.write(out, hits);
    Doubles.write(out, predicted);
    Doubles.write(out, actual);
    boolean weighted = weighted();
    out.putInt(weighted ? 1 : 0);
    if (weighted) {
      Longs.write(out, examples);
    }
  }

  void read(ByteBuffer in) {
    Doubles.read(in, hits);
    Doubles.read(in, predicted);
    Doubles.read(in, actual);
    if (in.getInt() != 0) {
      Longs.read(in, examples);
      return;
    }
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (long) actual[i];
    }
  }
}
