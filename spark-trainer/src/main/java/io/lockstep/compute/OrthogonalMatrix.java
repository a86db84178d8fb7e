package io.lockstep.compute;

import io.lockstep.data.order.SplitMix64;

/**
 * A matrix whose rows are orthonormal, or whose columns are if it has fewer of them; each such
 * matrix is equally likely.
 *
 * <p>Rows of normal random numbers are made orthogonal to those before them (Gram and Schmidt, in
 * the modified form, in double precision). That is the factor Q of QR with a positive diagonal of
 * R, which Keras' {@code Orthogonal} takes: Saxe et al., arXiv 1312.6120; Mezzadri, arXiv
 * math-ph/0609050.
 */
final class OrthogonalMatrix {
  private OrthogonalMatrix() {}

  /**
   * Draws one.
   *
   * @return {@code [rows * columns]}, column by column
   */
  static float[] draw(int rows, int columns, double gain, long seed) {
    boolean wide = rows <= columns;
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    var random = new SplitMix64(seed);
    for (int i = 0; i < vectors.length; i++) {
      do {
        fillNormal(vectors[i], random);
        for (int j = 0; j < i; j++) {
          subtractShare(vectors[i], vectors[j]);
        }
      } while (!normalize(vectors[i]));
    }
    float[] matrix = new float[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double value = wide ? vectors[row][column] : vectors[column][row];
        matrix[column * rows + row] = (float) (gain * value);
      }
    }
    return matrix;
  }

  /** Standard normal numbers (Box and Muller). */
  private static void fillNormal(double[] vector, SplitMix64 random) {
    for (int i = 0; i < vector.length; i += 2) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(random)));
      double angle = 2 * StrictMath.PI * uniform(random);
      vector[i] = radius * StrictMath.cos(angle);
      if (i + 1 < vector.length) {
        vector[i + 1] = radius * StrictMath.sin(angle);
      }
    }
  }

  /** In [0, 1). */
  private static double uniform(SplitMix64 random) {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  private static void subtractShare(double[] vector, double[] unit) {
    double share = 0;
    for (int i = 0; i < unit.length; i++) {
      share += vector[i] * unit[i];
    }
    for (int i = 0; i < unit.length; i++) {
      vector[i] -= share * unit[i];
    }
  }

  /** Makes its length 1, unless nothing but rounding is left of it. */
  private static boolean normalize(double[] vector) {
    double square = 0;
    for (double value : vector) {
      square += value * value;
    }
    double length = StrictMath.sqrt(square);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return length > 1e-9;
  }
}
