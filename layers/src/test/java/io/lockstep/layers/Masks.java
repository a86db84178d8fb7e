package io.lockstep.layers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which steps of {@link Nets#BATCH} sequences count. */
enum Masks {
  NONE(null),
  PADDED(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}, {1, 0, 0, 0, 0}}),
  PADDED_IN_FRONT(new double[][] {{0, 0, 1, 1, 1}, {1, 1, 1, 1, 1}, {0, 0, 0, 0, 1}}),
  WITH_GAPS(new double[][] {{1, 0, 1, 0, 1}, {1, 1, 0, 0, 1}, {0, 1, 1, 0, 1}});

  private final double[][] rows;

  Masks(double[][] rows) {
    this.rows = rows;
  }

  /** {@code [batch, time]}, or null. */
  INDArray array() {
    return rows == null ? null : Nd4j.createFromArray(rows).castTo(DataType.DOUBLE);
  }

  double at(int example, int step) {
    return rows == null ? 1 : rows[example][step];
  }
}
