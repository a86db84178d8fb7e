package io.lockstep.compute.lanes;

import java.util.Arrays;

/**
 * {@link Lanes} in plain Java: for JVMs started without the module jdk.incubator.vector and for
 * processors without 256-bit vectors; and the reading of the definitions that tests hold the vector
 * implementation to.
 */
final class PlainLanes implements Lanes {
  private final String description;

  PlainLanes(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void multiplyAdd(Block a, Panels w, Block c) {
    float[] from = a.data();
    float[] weights = w.data();
    float[] to = c.data();
    int width = a.width();
    for (int column = 0; column < w.columns(); column++) {
      int panel = w.panel(column / Panels.WIDTH) + column % Panels.WIDTH;
      int target = c.at() + column * width;
      for (int k = 0; k < w.depth(); k++) {
        float weight = weights[panel + k * Panels.WIDTH];
        int source = a.at() + k * width;
        for (int i = 0; i < width; i++) {
          to[target + i] = Math.fma(from[source + i], weight, to[target + i]);
        }
      }
    }
  }

  @Override
  public void multiply(Block a, Panels w, float[] start, Block c) {
    for (int column = 0; column < w.columns(); column++) {
      int at = c.at() + column * c.width();
      Arrays.fill(c.data(), at, at + c.width(), start[column]);
    }
    multiplyAdd(a, w, c);
  }

  @Override
  public void multiplyAdd(float[] a, int aAt, Strips w, float[] to, int at) {
    float[] weights = w.data();
    for (int first = 0; first < w.columns(); first += Strips.WIDTH) {
      int width = w.width(first);
      int from = first * w.depth();
      for (int k = 0; k < w.depth(); k++) {
        for (int j = 0; j < width; j++) {
          int sum = at + first + j;
          to[sum] = Math.fma(a[aAt + k], weights[from + k * width + j], to[sum]);
        }
      }
    }
  }

  @Override
  public void products(Steps x, Steps g, float[] out) {
    for (int j = 0; j < g.units(); j++) {
      for (int k = 0; k < x.units(); k++) {
        float sum = 0f;
        for (int step = 0; step < x.count(); step++) {
          int xAt = x.at(step, k);
          int gAt = g.at(step, j);
          for (int i = 0; i < x.width(); i++) {
            sum = Math.fma(x.data()[xAt + i], g.data()[gAt + i], sum);
          }
        }
        out[j * x.units() + k] = sum;
      }
    }
  }

  @Override
  public void sums(Steps g, float[] out) {
    float[] lanes = new float[GROUP];
    for (int unit = 0; unit < g.units(); unit++) {
      Arrays.fill(lanes, 0f);
      for (int step = 0; step < g.count(); step++) {
        int at = g.at(step, unit);
        for (int i = 0; i < g.width(); i++) {
          lanes[i % GROUP] += g.data()[at + i];
        }
      }
      out[unit] = Lanes.sum(lanes, 0);
    }
  }

  @Override
  public void lstmForward(LstmTape tape, int step) {
    int block = tape.block();
    float[] gates = tape.gates();
    int at = tape.gatesAt(step);
    int before = tape.cellsAt(step);
    int after = tape.nextCellsAt(step);
    for (int i = 0; i < block; i++) {
      float input = Squash.tanh(gates[at + i]);
      float forget = Squash.sigmoid(gates[at + block + i]);
      float output = Squash.sigmoid(gates[at + 2 * block + i]);
      float gate = Squash.sigmoid(gates[at + 3 * block + i]);
      float cell = Math.fma(gate, input, forget * tape.cells()[before + i]);
      float squashed = Squash.tanh(cell);
      gates[at + i] = input;
      gates[at + block + i] = forget;
      gates[at + 2 * block + i] = output;
      gates[at + 3 * block + i] = gate;
      tape.cells()[after + i] = cell;
      tape.squashed()[tape.squashedAt(step) + i] = squashed;
      tape.outputs()[tape.outputsAt(step) + i] = output * squashed;
    }
  }

  @Override
  public void lstmBackward(LstmTape tape, int step, Block dOutput, float[] dCell) {
    int block = tape.block();
    float[] gates = tape.gates();
    int at = tape.gatesAt(step);
    for (int i = 0; i < block; i++) {
      float input = gates[at + i];
      float forget = gates[at + block + i];
      float output = gates[at + 2 * block + i];
      float gate = gates[at + 3 * block + i];
      int now = tape.squashedAt(step) + i;
      float error = dOutput.data()[dOutput.at() + i];
      float carried = tape.carried()[now];
      float cell = Math.fma(error * output, Math.fma(-carried, carried, 1f), dCell[i]);
      gates[at + i] = cell * gate * Math.fma(-input, input, 1f);
      gates[at + block + i] =
          cell * tape.cells()[tape.cellsAt(step) + i] * (forget * (1f - forget));
      gates[at + 2 * block + i] = error * tape.squashed()[now] * (output * (1f - output));
      gates[at + 3 * block + i] = cell * input * (gate * (1f - gate));
      dCell[i] = cell * forget;
    }
  }

  @Override
  public void gruReset(GruTape tape, int step) {
    int block = tape.block();
    float[] gates = tape.gates();
    float[] recurrent = tape.recurrent();
    int at = tape.gatesAt(step);
    int recurrentAt = tape.recurrentAt(step);
    for (int i = 0; i < block; i++) {
      float reset = Squash.sigmoid(gates[at + block + i]);
      gates[at + i] = Squash.sigmoid(gates[at + i]);
      gates[at + block + i] = reset;
      if (tape.resetAfter()) {
        int sum = at + 2 * block + i;
        gates[sum] = Math.fma(reset, recurrent[recurrentAt + i], gates[sum]);
      } else {
        recurrent[recurrentAt + i] = reset * tape.outputs()[tape.beforeAt(step) + i];
      }
    }
  }

  @Override
  public void gruOutput(GruTape tape, int step) {
    int block = tape.block();
    float[] gates = tape.gates();
    int at = tape.gatesAt(step);
    for (int i = 0; i < block; i++) {
      float candidate = Squash.tanh(gates[at + 2 * block + i]);
      float before = tape.outputs()[tape.beforeAt(step) + i];
      gates[at + 2 * block + i] = candidate;
      tape.outputs()[tape.outputsAt(step) + i] =
          Math.fma(gates[at + i], before - candidate, candidate);
    }
  }

  @Override
  public void gruOutputBackward(GruTape tape, int step, Block output, Block before) {
    int block = tape.block();
    float[] gates = tape.gates();
    int at = tape.gatesAt(step);
    for (int i = 0; i < block; i++) {
      float update = gates[at + i];
      float candidate = gates[at + 2 * block + i];
      float error = output.data()[output.at() + i];
      float difference = tape.outputs()[tape.beforeAt(step) + i] - candidate;
      gates[at + i] = error * difference * (update * (1f - update));
      gates[at + 2 * block + i] = error * (1f - update) * Math.fma(-candidate, candidate, 1f);
      before.data()[before.at() + i] = Math.fma(error, update, before.data()[before.at() + i]);
    }
  }

  @Override
  public void gruResetBackward(GruTape tape, int step, float[] passed, Block before) {
    int block = tape.block();
    float[] gates = tape.gates();
    float[] recurrent = tape.recurrent();
    int at = tape.gatesAt(step);
    int recurrentAt = tape.recurrentAt(step);
    for (int i = 0; i < block; i++) {
      float reset = gates[at + block + i];
      float slope = reset * (1f - reset);
      if (tape.resetAfter()) {
        float candidate = gates[at + 2 * block + i];
        gates[at + block + i] = candidate * recurrent[recurrentAt + i] * slope;
        recurrent[recurrentAt + i] = candidate * reset;
      } else {
        gates[at + block + i] = passed[i] * tape.outputs()[tape.beforeAt(step) + i] * slope;
        int to = before.at() + i;
        before.data()[to] = Math.fma(passed[i], reset, before.data()[to]);
      }
    }
  }

  @Override
  public void tanh(float[] values, int at, int length) {
    for (int i = at; i < at + length; i++) {
      values[i] = Squash.tanh(values[i]);
    }
  }

  @Override
  public void tanhBackward(float[] values, int at, float[] gradient, int gradientAt, int length) {
    for (int i = 0; i < length; i++) {
      float value = values[at + i];
      gradient[gradientAt + i] *= Math.fma(-value, value, 1f);
    }
  }

  @Override
  public void softmax(Block block, int units) {
    for (int lane = 0; lane < block.width(); lane++) {
      softmax(block.data(), block.at() + lane, block.width(), units);
    }
  }

  @Override
  public void softmax(float[] values, int units) {
    softmax(values, 0, 1, units);
  }

  private static void softmax(float[] data, int at, int stride, int units) {
    float highest = data[at];
    for (int unit = 1; unit < units; unit++) {
      highest = Math.max(highest, data[at + unit * stride]);
    }
    float sum = 0f;
    for (int unit = 0; unit < units; unit++) {
      float weight = Squash.exp(data[at + unit * stride] - highest);
      data[at + unit * stride] = weight;
      sum += weight;
    }
    for (int unit = 0; unit < units; unit++) {
      data[at + unit * stride] /= sum;
    }
  }
}
