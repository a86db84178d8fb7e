package io.lockstep.data.batch;

import io.lockstep.data.block.Field;

/**
 * One field of the examples of a minibatch, laid out for a network.
 *
 * <p>Numbers are {@code [batch, ...shape]}, those of sequences {@code [batch, ...shape, time]}; ids
 * (of classes or tokens) likewise. Row-major; arrays may be longer than needed, the unused tail is
 * ignored. They belong to the {@link Batcher} and are overwritten by the next minibatch.
 *
 * @param field it is of; its type is FLOAT32 or INT32
 * @param shape {@code [batch, ...]}
 * @param floats values if they are numbers, else null
 * @param ints values if they are ids, else null
 * @param mask {@code [batch, time]} of 1 where there is a time step and 0 where there is none; null
 *     if the field is not a sequence
 */
@SuppressWarnings("ArrayRecordComponent") // buffers, compared by nobody
public record Tensor(Field field, int[] shape, float[] floats, int[] ints, float[] mask) {
  /** Time steps of the longest example; 1 if the field is not a sequence. */
  public int time() {
    return field.sequence() ? shape[shape.length - 1] : 1;
  }

  /** Whether its values are ids. */
  public boolean hasIds() {
    return ints != null;
  }

  /** Number of values. */
  public int length() {
    int length = 1;
    for (int extent : shape) {
      length = Math.multiplyExact(length, extent);
    }
    return length;
  }
}
