package io.lockstep.compute.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} in 256-bit vectors. Compiled apart from the rest, against the incubating module
 * jdk.incubator.vector, and loaded by name where the JVM has it.
 */
final class VectorLanes implements Lanes {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  private final VectorProducts products = new VectorProducts();

  VectorLanes() {
    if (FloatVector.SPECIES_PREFERRED.length() < GROUP) {
      throw new UnsupportedOperationException(
          "this processor's vectors hold " + FloatVector.SPECIES_PREFERRED.length() + " floats");
    }
  }

  @Override
  public String description() {
    return "256-bit vectors";
  }

  @Override
  public void multiplyAdd(Block a, Panels w, Block c) {
    products.multiplyAdd(a, w, c);
  }

  @Override
  public void products(Steps x, Steps g, float[] out) {
    products.products(x, g, out);
  }

  @Override
  public void sums(Steps g, float[] out) {
    float[] lanes = new float[g.units() * GROUP];
    for (int step = 0; step < g.count(); step++) {
      for (int unit = 0; unit < g.units(); unit++) {
        int at = g.at(step, unit);
        FloatVector sum = load(lanes, unit * GROUP);
        for (int i = 0; i < g.width(); i += GROUP) {
          sum = sum.add(load(g.data(), at + i));
        }
        sum.intoArray(lanes, unit * GROUP);
      }
    }
    for (int unit = 0; unit < g.units(); unit++) {
      out[unit] = Lanes.sum(lanes, unit * GROUP);
    }
  }

  @Override
  public void lstmForward(LstmTape tape, int step) {
    int block = tape.block();
    int at = tape.gatesAt(step);
    int before = tape.cellsAt(step);
    int after = tape.nextCellsAt(step);
    int tanhsAt = tape.squashedAt(step);
    int outputsAt = tape.outputsAt(step);
    float[] gates = tape.gates();
    float[] cells = tape.cells();
    float[] tanhs = tape.squashed();
    float[] outputs = tape.outputs();
    int forgetAt = at + block;
    int outputAt = forgetAt + block;
    int gateAt = outputAt + block;
    for (int i = 0; i < block; i += GROUP) {
      FloatVector input = tanh(load(gates, at + i));
      FloatVector forget = sigmoid(load(gates, forgetAt + i));
      FloatVector output = sigmoid(load(gates, outputAt + i));
      FloatVector gate = sigmoid(load(gates, gateAt + i));
      FloatVector cell = gate.fma(input, forget.mul(load(cells, before + i)));
      FloatVector squashed = tanh(cell);
      input.intoArray(gates, at + i);
      forget.intoArray(gates, forgetAt + i);
      output.intoArray(gates, outputAt + i);
      gate.intoArray(gates, gateAt + i);
      cell.intoArray(cells, after + i);
      squashed.intoArray(tanhs, tanhsAt + i);
      output.mul(squashed).intoArray(outputs, outputsAt + i);
    }
  }

  @Override
  public void lstmBackward(LstmTape tape, int step, Block dOutput, float[] dCell) {
    int block = tape.block();
    int at = tape.gatesAt(step);
    int before = tape.cellsAt(step);
    int now = tape.squashedAt(step);
    int errorAt = dOutput.at();
    float[] errors = dOutput.data();
    float[] gates = tape.gates();
    float[] cells = tape.cells();
    float[] tanhs = tape.squashed();
    float[] carriedTanhs = tape.carried();
    int forgetAt = at + block;
    int outputAt = forgetAt + block;
    int gateAt = outputAt + block;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < block; i += GROUP) {
      FloatVector input = load(gates, at + i);
      FloatVector forget = load(gates, forgetAt + i);
      FloatVector output = load(gates, outputAt + i);
      FloatVector gate = load(gates, gateAt + i);
      FloatVector error = load(errors, errorAt + i);
      FloatVector carried = load(carriedTanhs, now + i);
      FloatVector cell = error.mul(output).fma(carried.neg().fma(carried, one), load(dCell, i));
      cell.mul(gate).mul(input.neg().fma(input, one)).intoArray(gates, at + i);
      cell.mul(load(cells, before + i))
          .mul(forget.mul(one.sub(forget)))
          .intoArray(gates, forgetAt + i);
      error
          .mul(load(tanhs, now + i))
          .mul(output.mul(one.sub(output)))
          .intoArray(gates, outputAt + i);
      cell.mul(input).mul(gate.mul(one.sub(gate))).intoArray(gates, gateAt + i);
      cell.mul(forget).intoArray(dCell, i);
    }
  }

  @Override
  public void tanh(float[] values, int at, int length) {
    for (int i = 0; i < length; i += GROUP) {
      tanh(load(values, at + i)).intoArray(values, at + i);
    }
  }

  @Override
  public void tanhBackward(float[] values, int at, float[] gradient, int gradientAt, int length) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < length; i += GROUP) {
      FloatVector value = load(values, at + i);
      load(gradient, gradientAt + i)
          .mul(value.neg().fma(value, one))
          .intoArray(gradient, gradientAt + i);
    }
  }

  @Override
  public void softmax(Block block, int units) {
    for (int lane = 0; lane < block.width(); lane += GROUP) {
      softmax(block.data(), block.at() + lane, block.width(), units);
    }
  }

  private static void softmax(float[] data, int at, int width, int units) {
    FloatVector highest = load(data, at);
    for (int unit = 1; unit < units; unit++) {
      highest = highest.max(load(data, at + unit * width));
    }
    FloatVector sum = FloatVector.zero(S);
    for (int unit = 0; unit < units; unit++) {
      FloatVector weight = exp(load(data, at + unit * width).sub(highest));
      weight.intoArray(data, at + unit * width);
      sum = sum.add(weight);
    }
    for (int unit = 0; unit < units; unit++) {
      load(data, at + unit * width).div(sum).intoArray(data, at + unit * width);
    }
  }

  /** {@link Squash#tanh}. */
  private static FloatVector tanh(FloatVector value) {
    FloatVector x = value.min(Squash.BOUND).max(-Squash.BOUND);
    FloatVector square = x.mul(x);
    FloatVector p = constant(Squash.A13).fma(square, constant(Squash.A11));
    p = chain(p, square, Squash.A9);
    p = chain(p, square, Squash.A7);
    p = chain(p, square, Squash.A5);
    p = chain(p, square, Squash.A3);
    p = chain(p, square, Squash.A1);
    FloatVector q = constant(Squash.B6).fma(square, constant(Squash.B4));
    q = chain(q, square, Squash.B2);
    q = chain(q, square, Squash.B0);
    return x.mul(p).div(q);
  }

  /** {@link Squash#sigmoid}. */
  private static FloatVector sigmoid(FloatVector value) {
    FloatVector half = constant(0.5f);
    return half.fma(tanh(value.mul(half)), half);
  }

  /** {@link Squash#exp}. */
  private static FloatVector exp(FloatVector value) {
    FloatVector x = value.max(Squash.LOWEST);
    FloatVector shifted = x.fma(constant(Squash.LOG2E), constant(Squash.ROUND));
    FloatVector power = shifted.sub(Squash.ROUND);
    FloatVector r = power.fma(constant(-Squash.LN2_HIGH), x);
    r = power.fma(constant(-Squash.LN2_LOW), r);
    FloatVector p = constant(Squash.E5).fma(r, constant(Squash.E4));
    p = chain(p, r, Squash.E3);
    p = chain(p, r, Squash.E2);
    p = chain(p, r, Squash.E1);
    p = chain(p, r, Squash.E0);
    p = p.fma(r.mul(r), r).add(1f);
    int bias = 127 - Float.floatToRawIntBits(Squash.ROUND);
    FloatVector scale =
        shifted
            .reinterpretAsInts()
            .add(bias)
            .lanewise(VectorOperators.LSHL, 23)
            .reinterpretAsFloats();
    return p.mul(scale);
  }

  private static FloatVector chain(FloatVector sum, FloatVector by, float add) {
    return sum.fma(by, constant(add));
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(S, array, at);
  }
}
