package io.lockstep.data;

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
public record Minibatch(int size, float[] features, int[] shape, float[] labels, int labelWidth) {}
