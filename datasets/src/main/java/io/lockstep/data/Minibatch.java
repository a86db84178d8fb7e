package io.lockstep.data;

import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples laid out for one step: features {@code [batch, ...shape]} and labels {@code [batch,
 * width]}, row-major.
 *
 * <p>The arrays are handed over, not copied; they may be longer than needed (the unused tail is
 * ignored), so that the buffers of a short last minibatch can be reused.
 *
 * @param size number of examples, at least 1
 * @param features values in row-major order, normalised
 * @param shape of the features of one example, such as {@code [1, 28, 28]} or {@code [10]}
 * @param labels one-hot classes or regression targets, row-major
 * @param labelWidth values per label
 */
@SuppressWarnings("ArrayRecordComponent") // buffers, compared by nobody
public record Minibatch(int size, float[] features, int[] shape, float[] labels, int labelWidth) {
  /** The same examples as tensors. */
  public io.lockstep.data.block.Minibatch asTensors() {
    int[] inputShape = new int[shape.length + 1];
    inputShape[0] = size;
    System.arraycopy(shape, 0, inputShape, 1, shape.length);
    Field input =
        new Field("features", ElementType.FLOAT32, IntStream.of(shape).boxed().toList(), false);
    List<Tensor> wanted =
        labelWidth == 0
            ? List.of()
            : List.of(
                new Tensor(
                    Field.of("labels", ElementType.FLOAT32, labelWidth),
                    new int[] {size, labelWidth},
                    labels,
                    null,
                    null));
    return new io.lockstep.data.block.Minibatch(
        size, List.of(new Tensor(input, inputShape, features, null, null)), wanted, null);
  }
}
