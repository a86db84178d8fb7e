package io.lockstep.compute;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import org.bytedeco.openblas.global.openblas_nolapack;

/** Matrix products through the OpenBLAS that ND4J brings along, without ND4J's cost per call. */
final class Blas {
  private Blas() {}

  /**
   * One factor of a product, row-major.
   *
   * @param memory where it lies
   * @param offset of its first element
   * @param stride from one row to the next, as stored
   * @param transposed whether it enters the product transposed
   */
  record Matrix(Memory memory, long offset, int stride, boolean transposed) {
    static Matrix of(Memory memory, long offset, int stride) {
      return new Matrix(memory, offset, stride, false);
    }

    static Matrix transposed(Memory memory, long offset, int stride) {
      return new Matrix(memory, offset, stride, true);
    }

    private int operation() {
      return transposed ? CblasTrans : CblasNoTrans;
    }
  }

  /** {@code c = a b}, where {@code a} is {@code [m, k]} and {@code b} is {@code [k, n]}. */
  static void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    gemm(m, n, k, a, b, 0f, c);
  }

  /** {@code c += a b}, where {@code a} is {@code [m, k]} and {@code b} is {@code [k, n]}. */
  static void multiplyAdd(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    gemm(m, n, k, a, b, 1f, c);
  }

  private static void gemm(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor,
        a.operation(),
        b.operation(),
        m,
        n,
        k,
        1f,
        a.memory.at(a.offset),
        a.stride,
        b.memory.at(b.offset),
        b.stride,
        beta,
        c.memory.at(c.offset),
        c.stride);
  }
}
