package io.lockstep.compute;

import io.lockstep.compute.Blas.Matrix;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code y = x W + b} and its gradients, on DL4J's arrays.
 *
 * <p>DL4J keeps {@code W}, {@code [in, out]}, and its gradient in column-major order, that is, as
 * the row-major matrix {@code [out, in]}. Inputs may come in either order; a transposed factor
 * costs sgemm nothing. Holds a tile, so belongs to one layer.
 */
final class Affine {
  private float[] rows = new float[0];
  private float[] sum = new float[0];

  /**
   * Fills {@code output}, {@code [batch, out]} in row-major order.
   *
   * @param bias null for none
   */
  void forward(INDArray input, INDArray weights, INDArray bias, INDArray output) {
    int batch = (int) input.size(0);
    int in = (int) weights.size(0);
    int out = (int) weights.size(1);
    Memory result = Memory.of(output);
    Matrix w = Matrix.transposed(Memory.of(weights), 0, in);
    Matrix y = Matrix.of(result, 0, out);
    if (bias == null) {
      Blas.multiply(batch, out, in, left(input), w, y);
      return;
    }
    repeat(Memory.of(bias), result, batch, out);
    Blas.multiplyAdd(batch, out, in, left(input), w, y);
  }

  private void repeat(Memory bias, Memory result, int batch, int out) {
    sum = sum.length < out ? new float[out] : sum;
    bias.get(0, sum, out);
    for (int n = 0; n < batch; n++) {
      result.put(n * out, sum, out);
    }
  }

  /**
   * Fills the gradients of weights and bias.
   *
   * @param delta gradient at the output, {@code [batch, out]} row-major
   * @param bias null for none
   */
  void weightGradient(INDArray input, Memory delta, INDArray weights, INDArray bias) {
    int batch = (int) input.size(0);
    int in = (int) weights.size(0);
    int out = (int) weights.size(1);
    Blas.multiply(
        out,
        in,
        batch,
        Matrix.transposed(delta, 0, out),
        left(input),
        Matrix.of(Memory.of(weights), 0, in));
    if (bias != null) {
      sumRows(delta, batch, out, Memory.of(bias));
    }
  }

  private void sumRows(Memory delta, int batch, int out, Memory bias) {
    sum = sum.length < out ? new float[out] : sum;
    rows = rows.length < out ? new float[out] : rows;
    Arrays.fill(sum, 0, out, 0f);
    for (int n = 0; n < batch; n++) {
      delta.get(n * out, rows, out);
      add(rows, sum, out);
    }
    bias.put(0, sum, out);
  }

  private static void add(float[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += from[i];
    }
  }

  /** Fills {@code result}, {@code [batch, in]} row-major, with the gradient at the input. */
  void inputGradient(Memory delta, INDArray weights, INDArray result) {
    int batch = (int) result.size(0);
    int in = (int) weights.size(0);
    int out = (int) weights.size(1);
    Blas.multiply(
        batch,
        in,
        out,
        Matrix.of(delta, 0, out),
        Matrix.of(Memory.of(weights), 0, in),
        Matrix.of(Memory.of(result), 0, in));
  }

  /** {@code [batch, in]} as a factor, in whichever order it lies. */
  private static Matrix left(INDArray input) {
    int batch = (int) input.size(0);
    int in = (int) input.size(1);
    if (isColumnMajor(input)) {
      return Matrix.transposed(Memory.of(input), 0, batch);
    }
    return Matrix.of(rowMajor(input), 0, in);
  }

  private static boolean isColumnMajor(INDArray matrix) {
    return matrix.size(0) > 1
        && matrix.size(1) > 1
        && matrix.stride(0) == 1
        && matrix.stride(1) == matrix.size(0);
  }

  /** The memory of {@code matrix}, copied if it is not dense and row-major. */
  static Memory rowMajor(INDArray matrix) {
    boolean dense =
        (matrix.size(1) == 1 || matrix.stride(1) == 1)
            && (matrix.size(0) == 1 || matrix.stride(0) == matrix.size(1));
    return Memory.of(dense ? matrix : matrix.dup('c'));
  }
}
