package io.lockstep.layers;

/**
 * A GRU as its formula stands in {@link GRU}, for one sequence, in plain Java and double precision:
 * what the layer is compared with. Parameters are read as {@link GruParamInitializer} lays them
 * out.
 */
final class PlainGru {
  private final double[] params;
  private final int inputs;
  private final int units;
  private final boolean resetAfter;

  PlainGru(double[] params, int inputs, int units, boolean resetAfter) {
    this.params = params;
    this.inputs = inputs;
    this.units = units;
    this.resetAfter = resetAfter;
  }

  private double w(int input, int gate, int unit) {
    return params[(gate * units + unit) * inputs + input];
  }

  private double rw(int from, int gate, int unit) {
    return params[3 * units * inputs + (gate * units + unit) * units + from];
  }

  /** Bias of the input's product, or, with {@code row} 1, of the recurrent one. */
  private double b(int row, int gate, int unit) {
    return params[3 * units * (inputs + units) + row * 3 * units + gate * units + unit];
  }

  /** The state after {@code before} has met {@code x}. */
  double[] step(double[] x, double[] before, double mask) {
    double[] z = new double[units];
    double[] r = new double[units];
    for (int unit = 0; unit < units; unit++) {
      z[unit] = sigmoid(inputSum(x, 0, unit) + recurrentSum(before, 0, unit));
      r[unit] = sigmoid(inputSum(x, 1, unit) + recurrentSum(before, 1, unit));
    }
    double[] scaled = new double[units];
    for (int unit = 0; unit < units; unit++) {
      scaled[unit] = r[unit] * before[unit];
    }
    double[] after = new double[units];
    for (int unit = 0; unit < units; unit++) {
      double recurrent =
          resetAfter ? r[unit] * recurrentSum(before, 2, unit) : recurrentSum(scaled, 2, unit);
      double candidate = Math.tanh(inputSum(x, 2, unit) + recurrent);
      after[unit] = mask * (z[unit] * before[unit] + (1 - z[unit]) * candidate);
    }
    return after;
  }

  private double inputSum(double[] x, int gate, int unit) {
    double sum = b(0, gate, unit);
    for (int i = 0; i < inputs; i++) {
      sum += x[i] * w(i, gate, unit);
    }
    return sum;
  }

  private double recurrentSum(double[] state, int gate, int unit) {
    double sum = resetAfter ? b(1, gate, unit) : 0;
    for (int i = 0; i < units; i++) {
      sum += state[i] * rw(i, gate, unit);
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
