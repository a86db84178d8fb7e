package io.lockstep.data;

import java.util.Arrays;

/**
 * Cuts an order into minibatches; the last may be short, none is dropped. Immutable as long as
 * nobody writes to {@code order}.
 */
public final class Minibatches {
  private final int[] order;
  private final int batch;

  /**
   * @param order rows in the order of training, see {@link EpochOrder}; kept, not copied
   * @param batch rows of one minibatch, at least 1
   */
  public Minibatches(int[] order, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, not " + batch);
    }
    this.order = order;
    this.batch = batch;
  }

  /** Number of minibatches, 0 if there are no rows. */
  public int count() {
    return (int) (((long) order.length + batch - 1) / batch);
  }

  /** Number of rows of all minibatches together. */
  public int rows() {
    return order.length;
  }

  /** Returns the rows of minibatch {@code index}. */
  public int[] at(int index) {
    if (index < 0 || index >= count()) {
      throw new IndexOutOfBoundsException("minibatch " + index + " of " + count());
    }
    int from = index * batch;
    return Arrays.copyOfRange(order, from, (int) Math.min((long) from + batch, order.length));
  }
}
