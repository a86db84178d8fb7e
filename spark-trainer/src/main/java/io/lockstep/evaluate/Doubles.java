package io.lockstep.evaluate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Arrays of counted weights: added and carried as bytes. Where every example counts 1 they are
 * whole numbers, exact to 2^53.
 */
final class Doubles {
  private Doubles() {}

  static void add(double[] sums, double[] terms) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += terms[i];
    }
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  static void write(ByteBuffer out, double[] values) {
    out.asDoubleBuffer().put(values);
    out.position(out.position() + values.length * Double.BYTES);
  }

  static void read(ByteBuffer in, double[] values) {
    if (in.remaining() < (long) values.length * Double.BYTES) {
      throw new BufferUnderflowException();
    }
    in.asDoubleBuffer().get(values);
    in.position(in.position() + values.length * Double.BYTES);
  }
}
