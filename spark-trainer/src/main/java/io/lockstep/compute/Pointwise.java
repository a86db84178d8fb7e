package io.lockstep.compute;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * An activation function on long runs of floats, forward and backward.
 *
 * <p>Each of them can tell its derivative from its own result, so the input of the function need
 * not be kept: {@code tanh' = 1 - y^2}, {@code sigmoid' = y (1 - y)}, and a rectifier's slope shows
 * in the sign of {@code y}.
 *
 * <p>Results depend on the values alone, not on where a run starts or how it is cut in tiles. The
 * object holds the tiles it works in, so it belongs to one layer and one thread at a time.
 */
abstract sealed class Pointwise {
  /** Floats per tile: two of them fit the first-level cache. */
  private static final int TILE = 2048;

  /** The kernel for DL4J's {@code activation}, if there is one. */
  static Optional<Pointwise> of(IActivation activation) {
    if (activation instanceof ActivationIdentity) {
      return Optional.of(new Identity());
    }
    if (activation instanceof ActivationReLU relu) {
      return plain(relu) ? Optional.of(new Rectifier()) : Optional.empty();
    }
    if (activation instanceof ActivationLReLU leaky) {
      return Optional.of(new LeakyRectifier((float) leaky.getAlpha()));
    }
    if (activation instanceof ActivationTanH) {
      return Optional.of(new Tanh());
    }
    if (activation instanceof ActivationSigmoid) {
      return Optional.of(new Sigmoid());
    }
    return Optional.empty();
  }

  private static boolean plain(ActivationReLU relu) {
    return isZero(relu.getMax()) && isZero(relu.getThreshold()) && isZero(relu.getNegativeSlope());
  }

  private static boolean isZero(Double value) {
    return value == null || value == 0.0;
  }

  /** Replaces each value by the function's. */
  void forward(Memory values, int at, int length) {
    float[] tile = tile();
    for (int i = 0; i < length; i += TILE) {
      int n = Math.min(TILE, length - i);
      values.get(at + i, tile, n);
      forward(tile, n);
      values.put(at + i, tile, n);
    }
  }

  /** Replaces the first {@code length} values by the function's. */
  abstract void forward(float[] values, int length);

  /**
   * Multiplies the gradient at the function's output by its derivative.
   *
   * @param output what {@link #forward} made
   * @param gradient at the output; not changed unless it is {@code result}
   * @param result receives the gradient at the input
   */
  void backward(
      Memory output,
      int outputAt,
      Memory gradient,
      int gradientAt,
      Memory result,
      int resultAt,
      int length) {
    float[] y = tile();
    float[] g = secondTile();
    for (int i = 0; i < length; i += TILE) {
      int n = Math.min(TILE, length - i);
      output.get(outputAt + i, y, n);
      gradient.get(gradientAt + i, g, n);
      backward(y, g, n);
      result.put(resultAt + i, g, n);
    }
  }

  /** Multiplies {@code gradient} by the derivative where the function's result was {@code y}. */
  abstract void backward(float[] y, float[] gradient, int length);

  private float[] first;
  private float[] second;

  private float[] tile() {
    if (first == null) {
      first = new float[TILE];
    }
    return first;
  }

  private float[] secondTile() {
    if (second == null) {
      second = new float[TILE];
    }
    return second;
  }

  /** {@code y = x}. */
  static final class Identity extends Pointwise {
    @Override
    void forward(Memory values, int at, int length) {}

    @Override
    void forward(float[] values, int length) {}

    @Override
    void backward(float[] y, float[] gradient, int length) {}
  }

  /** {@code y = max(x, 0)}. */
  static final class Rectifier extends Pointwise {
    private final int[] outputBits = new int[TILE];
    private final int[] gradientBits = new int[TILE];

    @Override
    void forward(float[] values, int length) {
      for (int i = 0; i < length; i++) {
        values[i] = Math.max(values[i], 0f);
      }
    }

    /** Selects by bit masks, which HotSpot vectorises; a comparison of floats it would not. */
    @Override
    void backward(
        Memory output,
        int outputAt,
        Memory gradient,
        int gradientAt,
        Memory result,
        int resultAt,
        int length) {
      for (int i = 0; i < length; i += TILE) {
        int n = Math.min(TILE, length - i);
        output.getBits(outputAt + i, outputBits, n);
        gradient.getBits(gradientAt + i, gradientBits, n);
        select(outputBits, gradientBits, n);
        result.putBits(resultAt + i, gradientBits, n);
      }
    }

    /** A result of the rectifier is +0 or positive, so the negated bits' sign tells which. */
    private static void select(int[] y, int[] gradient, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] &= -y[i] >> 31;
      }
    }

    @Override
    void backward(float[] y, float[] gradient, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] = y[i] > 0f ? gradient[i] : 0f;
      }
    }
  }

  /** {@code y = x} for {@code x >= 0}, else {@code alpha x}, with {@code 0 < alpha < 1}. */
  static final class LeakyRectifier extends Pointwise {
    private final float alpha;

    LeakyRectifier(float alpha) {
      this.alpha = alpha;
    }

    @Override
    void forward(float[] values, int length) {
      for (int i = 0; i < length; i++) {
        values[i] = Math.max(values[i], 0f) + alpha * Math.min(values[i], 0f);
      }
    }

    @Override
    void backward(float[] y, float[] gradient, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] = y[i] >= 0f ? gradient[i] : alpha * gradient[i];
      }
    }
  }

  /** {@code y = tanh(x)}. */
  static final class Tanh extends Pointwise {
    @Override
    void forward(float[] values, int length) {
      tanh(values, length);
    }

    @Override
    void backward(float[] y, float[] gradient, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] *= 1f - y[i] * y[i];
      }
    }
  }

  /** {@code y = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2}. */
  static final class Sigmoid extends Pointwise {
    @Override
    void forward(float[] values, int length) {
      for (int i = 0; i < length; i++) {
        values[i] *= 0.5f;
      }
      tanh(values, length);
      for (int i = 0; i < length; i++) {
        values[i] = 0.5f + 0.5f * values[i];
      }
    }

    @Override
    void backward(float[] y, float[] gradient, int length) {
      for (int i = 0; i < length; i++) {
        gradient[i] *= y[i] * (1f - y[i]);
      }
    }
  }

  /**
   * The hyperbolic tangent as a ratio of two polynomials, of degrees 13 and 6, within a few units
   * in the last place of a float; beyond +-7.9 the result is +-1 in float. Coefficients as in Eigen
   * (MathFunctionsImpl.h, generic_fast_tanh_float, MPL 2.0).
   */
  private static void tanh(float[] values, int length) {
    for (int i = 0; i < length; i++) {
      float x = Math.max(-7.905311f, Math.min(7.905311f, values[i]));
      float s = x * x;
      float p = -2.7607684e-16f;
      p = p * s + 2.000188e-13f;
      p = p * s + -8.604672e-11f;
      p = p * s + 5.1222973e-8f;
      p = p * s + 1.48572235e-5f;
      p = p * s + 6.3726195e-4f;
      p = p * s + 4.8935246e-3f;
      float q = 1.1982584e-6f;
      q = q * s + 1.1853471e-4f;
      q = q * s + 2.2684347e-3f;
      q = q * s + 4.893525e-3f;
      values[i] = x * p / q;
    }
  }
}
