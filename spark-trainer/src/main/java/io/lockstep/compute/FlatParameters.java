package io.lockstep.compute;

import io.lockstep.compute.lanes.Strips;

/**
 * Reads a layer's parameters, one after the other, from the vector that DL4J keeps a network's in.
 * Matrices lie there column after column.
 */
final class FlatParameters {
  private final float[] all;
  private int at;

  FlatParameters(float[] all, int at) {
    this.all = all;
    this.at = at;
  }

  /** Where the next parameter begins. */
  int position() {
    return at;
  }

  /**
   * The next matrix, {@code [depth, columns]}.
   *
   * @param parts that its columns come in, each padded to whole vectors
   */
  Strips matrix(int depth, int columns, int parts) {
    var matrix = new Strips(all, at, depth, columns, parts);
    at += depth * columns;
    return matrix;
  }

  /** The next vector; of {@code parts}, each padded to whole vectors. */
  float[] vector(int length, int parts) {
    float[] vector = Strips.padded(all, at, length, parts);
    at += length;
    return vector;
  }
}
