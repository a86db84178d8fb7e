package io.lockstep.compute.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} in 256-bit vectors. Compiled apart from the rest, against the incubating module
 * jdk.incubator.vector, and loaded by name where the JVM has it.
 *
 * <p>The tile of a product is 16 examples by 4 columns: eight vectors of sums, enough to keep two
 * multiply-add units busy for their latency of four, and few enough that the JIT keeps all of them
 * in sixteen registers. (16 by 6 runs as fast, 32 by 3 and 24 by 4 spill and take twice as long.)
 * The tile of the sums over time is 3 by 3 for the same reason.
 */
final class VectorLanes implements Lanes {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

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
    int width = a.width();
    int depth = w.depth();
    int full = w.columns() / Panels.WIDTH;
    int rest = w.columns() % Panels.WIDTH;
    for (int row = 0; row + 16 <= width; row += 16) {
      for (int panel = 0; panel < full; panel++) {
        tile16x4(
            a.data(),
            a.at() + row,
            width,
            w.data(),
            w.panel(panel),
            depth,
            c.data(),
            c.at() + panel * Panels.WIDTH * width + row);
      }
    }
    if (width % 16 != 0) {
      int row = width - GROUP;
      for (int panel = 0; panel < full; panel++) {
        tile8x4(
            a.data(),
            a.at() + row,
            width,
            w.data(),
            w.panel(panel),
            depth,
            c.data(),
            c.at() + panel * Panels.WIDTH * width + row);
      }
    }
    for (int column = 0; column < rest; column++) {
      for (int row = 0; row < width; row += GROUP) {
        tile8x1(
            a.data(),
            a.at() + row,
            width,
            w.data(),
            w.panel(full) + column,
            depth,
            c.data(),
            c.at() + (full * Panels.WIDTH + column) * width + row);
      }
    }
  }

  private static void tile16x4(
      float[] a, int aAt, int width, float[] w, int wAt, int depth, float[] c, int cAt) {
    int c1 = cAt + width;
    int c2 = c1 + width;
    int c3 = c2 + width;
    FloatVector s00 = load(c, cAt);
    FloatVector s01 = load(c, cAt + 8);
    FloatVector s10 = load(c, c1);
    FloatVector s11 = load(c, c1 + 8);
    FloatVector s20 = load(c, c2);
    FloatVector s21 = load(c, c2 + 8);
    FloatVector s30 = load(c, c3);
    FloatVector s31 = load(c, c3 + 8);
    int from = aAt;
    int weight = wAt;
    for (int k = 0; k < depth; k++) {
      FloatVector a0 = load(a, from);
      FloatVector a1 = load(a, from + 8);
      FloatVector v = FloatVector.broadcast(S, w[weight]);
      s00 = a0.fma(v, s00);
      s01 = a1.fma(v, s01);
      v = FloatVector.broadcast(S, w[weight + 1]);
      s10 = a0.fma(v, s10);
      s11 = a1.fma(v, s11);
      v = FloatVector.broadcast(S, w[weight + 2]);
      s20 = a0.fma(v, s20);
      s21 = a1.fma(v, s21);
      v = FloatVector.broadcast(S, w[weight + 3]);
      s30 = a0.fma(v, s30);
      s31 = a1.fma(v, s31);
      from += width;
      weight += Panels.WIDTH;
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + 8);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + 8);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + 8);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + 8);
  }

  private static void tile8x4(
      float[] a, int aAt, int width, float[] w, int wAt, int depth, float[] c, int cAt) {
    FloatVector s0 = load(c, cAt);
    FloatVector s1 = load(c, cAt + width);
    FloatVector s2 = load(c, cAt + 2 * width);
    FloatVector s3 = load(c, cAt + 3 * width);
    int from = aAt;
    int weight = wAt;
    for (int k = 0; k < depth; k++) {
      FloatVector v = load(a, from);
      s0 = v.fma(FloatVector.broadcast(S, w[weight]), s0);
      s1 = v.fma(FloatVector.broadcast(S, w[weight + 1]), s1);
      s2 = v.fma(FloatVector.broadcast(S, w[weight + 2]), s2);
      s3 = v.fma(FloatVector.broadcast(S, w[weight + 3]), s3);
      from += width;
      weight += Panels.WIDTH;
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, cAt + width);
    s2.intoArray(c, cAt + 2 * width);
    s3.intoArray(c, cAt + 3 * width);
  }

  private static void tile8x1(
      float[] a, int aAt, int width, float[] w, int wAt, int depth, float[] c, int cAt) {
    FloatVector s = load(c, cAt);
    int from = aAt;
    int weight = wAt;
    for (int k = 0; k < depth; k++) {
      s = load(a, from).fma(FloatVector.broadcast(S, w[weight]), s);
      from += width;
      weight += Panels.WIDTH;
    }
    s.intoArray(c, cAt);
  }

  /** Rows of one side whose runs stay in the second-level cache while the other side streams by. */
  private static final int RESIDENT = 8 * Series.TILE;

  @Override
  public void products(Series x, Series g, int length, float[] out) {
    float[] lanes = new float[Series.TILE * Series.TILE * GROUP];
    for (int first = 0; first < x.units(); first += RESIDENT) {
      int last = Math.min(first + RESIDENT, x.units());
      for (int j = 0; j < g.units(); j += Series.TILE) {
        for (int k = first; k < last; k += Series.TILE) {
          tile3x3(
              x.data(),
              x.at() + k * x.stride(),
              x.stride(),
              g.data(),
              g.at() + j * g.stride(),
              g.stride(),
              length,
              lanes);
          store(lanes, x.units() - k, g.units() - j, out, j * x.units() + k, x.units());
        }
      }
    }
  }

  private static void store(float[] lanes, int rows, int columns, float[] out, int at, int stride) {
    for (int j = 0; j < Math.min(Series.TILE, columns); j++) {
      for (int k = 0; k < Math.min(Series.TILE, rows); k++) {
        out[at + j * stride + k] = Lanes.sum(lanes, (k * Series.TILE + j) * GROUP);
      }
    }
  }

  private static void tile3x3(
      float[] x, int xAt, int xStride, float[] g, int gAt, int gStride, int length, float[] lanes) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    int xAt1 = xAt + xStride;
    int xAt2 = xAt1 + xStride;
    int gAt1 = gAt + gStride;
    int gAt2 = gAt1 + gStride;
    for (int q = 0; q < length; q += GROUP) {
      FloatVector x0 = load(x, xAt + q);
      FloatVector x1 = load(x, xAt1 + q);
      FloatVector x2 = load(x, xAt2 + q);
      FloatVector v = load(g, gAt + q);
      s00 = x0.fma(v, s00);
      s10 = x1.fma(v, s10);
      s20 = x2.fma(v, s20);
      v = load(g, gAt1 + q);
      s01 = x0.fma(v, s01);
      s11 = x1.fma(v, s11);
      s21 = x2.fma(v, s21);
      v = load(g, gAt2 + q);
      s02 = x0.fma(v, s02);
      s12 = x1.fma(v, s12);
      s22 = x2.fma(v, s22);
    }
    s00.intoArray(lanes, 0);
    s01.intoArray(lanes, 8);
    s02.intoArray(lanes, 16);
    s10.intoArray(lanes, 24);
    s11.intoArray(lanes, 32);
    s12.intoArray(lanes, 40);
    s20.intoArray(lanes, 48);
    s21.intoArray(lanes, 56);
    s22.intoArray(lanes, 64);
  }

  @Override
  public void sums(Series g, int length, float[] out) {
    float[] lanes = new float[GROUP];
    for (int j = 0; j < g.units(); j++) {
      int at = g.at() + j * g.stride();
      FloatVector sum = FloatVector.zero(S);
      for (int q = 0; q < length; q += GROUP) {
        sum = sum.add(load(g.data(), at + q));
      }
      sum.intoArray(lanes, 0);
      out[j] = Lanes.sum(lanes, 0);
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
