package io.lockstep.compute.lanes;

/**
 * The constants of the approximations that both implementations share.
 *
 * <p>tanh is the odd rational function of degree 13 over 6 that Eigen and XLA use ({@code
 * ptanh_float} in Eigen's MathFunctionsImpl.h, XLA's {@code EmitFastTanh}); beyond {@link #BOUND}
 * it is constant. Largest relative error 3e-7 or so, checked by a test. The logistic function is
 * {@code 0.5 tanh(0.5 x) + 0.5}. exp follows Cephes ({@code expf} by S. Moshier, as in Eigen's
 * {@code pexp_float}): split off a power of two, then a polynomial of degree 5 on {@code [-ln2/2,
 * ln2/2]}.
 */
final class Squash {
  static final float BOUND = (float) 7.905311107635498;
  static final float A1 = (float) 4.89352455891786e-03;
  static final float A3 = (float) 6.37261928875436e-04;
  static final float A5 = (float) 1.48572235717979e-05;
  static final float A7 = (float) 5.12229709037114e-08;
  static final float A9 = (float) -8.60467152213735e-11;
  static final float A11 = (float) 2.00018790482477e-13;
  static final float A13 = (float) -2.76076847742355e-16;
  static final float B0 = (float) 4.89352518554385e-03;
  static final float B2 = (float) 2.26843463243900e-03;
  static final float B4 = (float) 1.18534705686654e-04;
  static final float B6 = (float) 1.19825839466702e-06;

  /** Below it exp gives the smallest power of two that stays a normal number. */
  static final float LOWEST = -87.3f;

  static final float LOG2E = (float) 1.4426950408889634;
  static final float LN2_HIGH = (float) 0.693359375;
  static final float LN2_LOW = (float) -2.12194440e-4;

  /** Adding and subtracting it rounds a small float to the nearest integer. */
  static final float ROUND = 12582912f;

  static final float E5 = (float) 1.9875691500e-4;
  static final float E4 = (float) 1.3981999507e-3;
  static final float E3 = (float) 8.3334519073e-3;
  static final float E2 = (float) 4.1665795894e-2;
  static final float E1 = (float) 1.6666665459e-1;
  static final float E0 = (float) 5.0000001201e-1;

  private Squash() {}

  static float tanh(float value) {
    float x = Math.max(-BOUND, Math.min(BOUND, value));
    float square = x * x;
    float p = Math.fma(A13, square, A11);
    p = Math.fma(p, square, A9);
    p = Math.fma(p, square, A7);
    p = Math.fma(p, square, A5);
    p = Math.fma(p, square, A3);
    p = Math.fma(p, square, A1);
    float q = Math.fma(B6, square, B4);
    q = Math.fma(q, square, B2);
    q = Math.fma(q, square, B0);
    return x * p / q;
  }

  static float sigmoid(float value) {
    return Math.fma(0.5f, tanh(0.5f * value), 0.5f);
  }

  /** The exponential of a number that is not positive. */
  static float exp(float value) {
    float x = Math.max(LOWEST, value);
    float shifted = Math.fma(x, LOG2E, ROUND);
    float power = shifted - ROUND;
    float r = Math.fma(power, -LN2_HIGH, x);
    r = Math.fma(power, -LN2_LOW, r);
    float p = Math.fma(E5, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, E1);
    p = Math.fma(p, r, E0);
    p = Math.fma(p, r * r, r) + 1f;
    int exponent = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUND);
    return p * Float.intBitsToFloat((exponent + 127) << 23);
  }
}
