package io.lockstep.model;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import java.util.List;

/** Minibatches of rows of numbers, as tests write them down. */
final class DenseBatch {
  private DenseBatch() {}

  /** Features {@code [size, width]} and what is wanted, {@code [size, outputs]}. */
  static Minibatch of(int size, float[] features, int width, float[] labels, int outputs) {
    return new Minibatch(
        size,
        List.of(tensor("features", size, width, features)),
        List.of(tensor("labels", size, outputs, labels)),
        null);
  }

  private static Tensor tensor(String name, int size, int width, float[] values) {
    Field field = Field.of(name, ElementType.FLOAT32, width);
    return new Tensor(field, new int[] {size, width}, values, null, null);
  }
}
