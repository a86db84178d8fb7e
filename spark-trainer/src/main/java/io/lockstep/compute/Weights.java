package io.lockstep.compute;

import io.lockstep.compute.lanes.Panels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weight matrix {@code [depth, columns]} on the Java heap, packed for products with it and with
 * its transpose. Owned by one layer.
 */
final class Weights {
  private final Panels panels = new Panels();
  private final Panels transposed = new Panels();
  private float[] values = new float[0];
  private float[] gradient = new float[0];
  private int depth;
  private int columns;

  /** Reads {@code matrix}, in any order, and forgets what was packed before. */
  void load(INDArray matrix) {
    depth = (int) matrix.size(0);
    columns = (int) matrix.size(1);
    int length = depth * columns;
    if (values.length < length) {
      values = new float[length];
    }
    INDArray fortran =
        matrix.stride(0) == 1 && matrix.stride(1) == depth ? matrix : matrix.dup('f');
    Memory.of(fortran).get(0, values, length);
  }

  /** Packed for {@code a * W}. */
  Panels panels() {
    panels.pack(values, depth, columns);
    return panels;
  }

  /** Packed for {@code a * transpose(W)}. */
  Panels transposed() {
    transposed.packTransposed(values, columns, depth);
    return transposed;
  }

  float[] values() {
    return values;
  }

  int depth() {
    return depth;
  }

  int columns() {
    return columns;
  }

  /** Room for the gradient, column after column. */
  float[] gradient() {
    if (gradient.length < depth * columns) {
      gradient = new float[depth * columns];
    }
    return gradient;
  }

  /** Writes the gradient to {@code view}, DL4J's view of it, whatever the view's order. */
  void storeGradient(INDArray view) {
    if ((depth == 1 || view.stride(0) == 1) && (columns == 1 || view.stride(1) == depth)) {
      Memory.of(view).put(0, gradient, depth * columns);
      return;
    }
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < depth; row++) {
        view.putScalar(row, column, gradient[column * depth + row]);
      }
    }
  }

  /** Writes a bias' gradient to {@code view}, of rank 1 or a row. */
  static void store(float[] vector, INDArray view) {
    if (view.stride(view.rank() - 1) == 1) {
      Memory.of(view).put(0, vector, vector.length);
      return;
    }
    for (int i = 0; i < vector.length; i++) {
      view.putScalar(i, vector[i]);
    }
  }
}
