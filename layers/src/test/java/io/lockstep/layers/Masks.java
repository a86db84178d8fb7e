package io.lockstep.layers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which steps of {@link Nets#BATCH} sequences count: 1, and which do not: 0. */
enum Masks {
  NONE("11111 11111 11111"),
  PADDED("11111 11100 10000"),
  PADDED_IN_FRONT("00111 11111 00001"),
  WITH_GAPS("10101 11001 01101");

  private final String rows;

  Masks(String rows) {
    this.rows = rows;
  }

  /** {@code [batch, time]}, or null. */
  INDArray array() {
    if (this == NONE) {
      return null;
    }
    INDArray array = Nd4j.zeros(DataType.DOUBLE, Nets.BATCH, Nets.TIME);
    for (int example = 0; example < Nets.BATCH; example++) {
      for (int step = 0; step < Nets.TIME; step++) {
        array.putScalar(example, step, at(example, step));
      }
    }
    return array;
  }

  double at(int example, int step) {
    return rows.charAt(example * (Nets.TIME + 1) + step) - '0';
  }
}
