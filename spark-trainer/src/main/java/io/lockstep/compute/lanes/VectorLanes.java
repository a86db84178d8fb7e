package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} in 256-bit vectors. Compiled apart from the rest, against the incubating module
 * jdk.incubator.vector, and loaded by name where the JVM has it.
 *
 * <p>Loops call the vector API and nothing else: where the JIT happens not to inline a method of
 * ours, every vector that crosses the call becomes an object on the heap, and the loop takes
 * several times as long. Which methods it inlines depends on what it compiled first, so differs
 * from run to run.
 */
final class VectorLanes implements Lanes {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  /** Floats taken through all operations of a step at once, so that they stay in the cache. */
  static final int STRETCH = 512;

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
  public void multiply(Block a, Panels w, float[] start, Block c) {
    products.multiply(a, w, start, c);
  }

  @Override
  public void multiplyAdd(float[] a, int aAt, Strips w, float[] to, int at) {
    VectorStrips.multiplyAdd(a, aAt, w, to, at);
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
        FloatVector sum = fromArray(S, lanes, unit * GROUP);
        for (int i = 0; i < g.width(); i += GROUP) {
          sum = sum.add(fromArray(S, g.data(), at + i));
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
    for (int i = 0; i < block; i += STRETCH) {
      int length = Math.min(STRETCH, block - i);
      VectorSquash.tanh(tape.gates(), at + i, length);
      for (int gate = 1; gate < 4; gate++) {
        VectorSquash.sigmoid(tape.gates(), at + gate * block + i, length);
      }
      cells(tape, step, i, i + length);
      VectorSquash.tanh(tape.squashed(), tape.squashedAt(step) + i, length);
      outputs(tape, step, i, i + length);
    }
  }

  /** The cells, both where they stay and where tanh of them goes. */
  private static void cells(LstmTape tape, int step, int from, int to) {
    float[] gates = tape.gates();
    float[] cells = tape.cells();
    float[] tanhs = tape.squashed();
    int before = tape.cellsAt(step);
    int after = tape.nextCellsAt(step);
    int tanhsAt = tape.squashedAt(step);
    int inputAt = tape.gatesAt(step);
    int forgetAt = inputAt + tape.block();
    int gateAt = inputAt + 3 * tape.block();
    for (int i = from; i < to; i += GROUP) {
      FloatVector kept = fromArray(S, gates, forgetAt + i).mul(fromArray(S, cells, before + i));
      FloatVector cell =
          fromArray(S, gates, gateAt + i).fma(fromArray(S, gates, inputAt + i), kept);
      cell.intoArray(cells, after + i);
      cell.intoArray(tanhs, tanhsAt + i);
    }
  }

  private static void outputs(LstmTape tape, int step, int from, int to) {
    float[] gates = tape.gates();
    float[] tanhs = tape.squashed();
    float[] outputs = tape.outputs();
    int outputAt = tape.gatesAt(step) + 2 * tape.block();
    int tanhsAt = tape.squashedAt(step);
    int outputsAt = tape.outputsAt(step);
    for (int i = from; i < to; i += GROUP) {
      fromArray(S, gates, outputAt + i)
          .mul(fromArray(S, tanhs, tanhsAt + i))
          .intoArray(outputs, outputsAt + i);
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
      FloatVector input = fromArray(S, gates, at + i);
      FloatVector forget = fromArray(S, gates, forgetAt + i);
      FloatVector output = fromArray(S, gates, outputAt + i);
      FloatVector gate = fromArray(S, gates, gateAt + i);
      FloatVector error = fromArray(S, errors, errorAt + i);
      FloatVector carried = fromArray(S, carriedTanhs, now + i);
      FloatVector slope = carried.neg().fma(carried, one);
      FloatVector cell = error.mul(output).fma(slope, fromArray(S, dCell, i));
      cell.mul(gate).mul(input.neg().fma(input, one)).intoArray(gates, at + i);
      cell.mul(fromArray(S, cells, before + i))
          .mul(forget.mul(one.sub(forget)))
          .intoArray(gates, forgetAt + i);
      error
          .mul(fromArray(S, tanhs, now + i))
          .mul(output.mul(one.sub(output)))
          .intoArray(gates, outputAt + i);
      cell.mul(input).mul(gate.mul(one.sub(gate))).intoArray(gates, gateAt + i);
      cell.mul(forget).intoArray(dCell, i);
    }
  }

  @Override
  public void gruReset(GruTape tape, int step) {
    VectorGru.reset(tape, step);
  }

  @Override
  public void gruOutput(GruTape tape, int step) {
    VectorGru.output(tape, step);
  }

  @Override
  public void gruOutputBackward(GruTape tape, int step, Block output, Block before) {
    VectorGru.outputBackward(tape, step, output, before);
  }

  @Override
  public void gruResetBackward(GruTape tape, int step, float[] passed, Block before) {
    VectorGru.resetBackward(tape, step, passed, before);
  }

  @Override
  public void tanh(float[] values, int at, int length) {
    VectorSquash.tanh(values, at, length);
  }

  @Override
  public void tanhBackward(float[] values, int at, float[] gradient, int gradientAt, int length) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < length; i += GROUP) {
      FloatVector value = fromArray(S, values, at + i);
      fromArray(S, gradient, gradientAt + i)
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

  @Override
  public void softmax(float[] values, int units) {
    VectorStrips.softmax(values, units);
  }

  private static void softmax(float[] data, int at, int width, int units) {
    FloatVector highest = fromArray(S, data, at);
    for (int unit = 1; unit < units; unit++) {
      highest = highest.max(fromArray(S, data, at + unit * width));
    }
    for (int unit = 0; unit < units; unit++) {
      int i = at + unit * width;
      fromArray(S, data, i).sub(highest).intoArray(data, i);
    }
    VectorSquash.exp(data, at, width, units);
    FloatVector sum = FloatVector.zero(S);
    for (int unit = 0; unit < units; unit++) {
      sum = sum.add(fromArray(S, data, at + unit * width));
    }
    for (int unit = 0; unit < units; unit++) {
      int i = at + unit * width;
      fromArray(S, data, i).div(sum).intoArray(data, i);
    }
  }
}
