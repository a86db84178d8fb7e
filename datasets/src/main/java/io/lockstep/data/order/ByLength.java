package io.lockstep.data.order;

import java.util.Arrays;

/**
 * Minibatches of rows of similar length, so that little is padded.
 *
 * <p>As the LengthGroupedSampler of Hugging Face's Transformers and the BucketIterator of
 * torchtext: shuffled rows are cut into pools of some tens of minibatches, each pool is sorted by
 * length and cut into minibatches, and these are shuffled. A pool is at most a quarter of what is
 * shuffled together, so that other rows meet in every epoch. Rows at the ends of a group that share
 * a minibatch with another group, or make the short last one, stay random ones.
 *
 * @param head rows that complete a minibatch of the group before
 * @param batch rows of a minibatch
 * @param order of the whole minibatches after the head
 */
@SuppressWarnings("ArrayRecordComponent") // seen by nobody outside
record ByLength(int head, int batch, int[] order) {
  /** Minibatches of a pool at most, Transformers' number. */
  private static final int POOL = 50;

  private static final int POOLS = 4;

  /**
   * Of one group.
   *
   * @param start position in the epoch at which it begins
   * @param rows of it
   * @param random shuffles the minibatches
   */
  static ByLength of(long start, int rows, int batch, SplitMix64 random) {
    int head = (int) Math.min(rows, (batch - start % batch) % batch);
    return new ByLength(head, batch, random.permutation((rows - head) / batch));
  }

  /**
   * Which row comes where.
   *
   * @param steps length of each row, in their shuffled order
   * @return for each place the place in the shuffled order of the row that comes there
   */
  int[] places(int[] steps) {
    long[] sorted = new long[steps.length];
    for (int i = 0; i < steps.length; i++) {
      sorted[i] = (long) steps[i] << 32 | i; // rows of one length stay in their random order
    }
    int whole = head + order.length * batch;
    int pool = batch * Math.max(1, Math.min(POOL, order.length / POOLS));
    for (int from = head; from < whole; from += pool) {
      Arrays.sort(sorted, from, Math.min(from + pool, whole));
    }
    int[] places = new int[steps.length];
    for (int i = 0; i < places.length; i++) {
      boolean moved = i >= head && i < whole;
      int from = moved ? head + order[(i - head) / batch] * batch + (i - head) % batch : i;
      places[i] = (int) sorted[from];
    }
    return places;
  }
}
