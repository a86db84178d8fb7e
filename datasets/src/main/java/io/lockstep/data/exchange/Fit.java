package io.lockstep.data.exchange;

import io.lockstep.data.block.Block;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Something that is learned of the training examples before they are dealt: means and deviations, a
 * vocabulary.
 *
 * <p>Whoever holds a split collects what it contributes, in parts; each part falls into a bucket.
 * Whoever has a bucket merges its parts from all splits; what comes of the buckets goes to the
 * driver, which finishes. So the driver holds no more than results, however much there is to
 * collect. All are pure functions, and the result is the same however many buckets there are.
 *
 * @param <R> what is learned
 */
public interface Fit<R> extends Serializable {
  /**
   * What a split contributes to a bucket.
   *
   * @param split that it comes from
   * @param number among the split's parts of this bucket
   * @param bucket it falls into
   * @param state encoded
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; compared by nobody
  record Part(int split, int number, int bucket, byte[] state) {}

  /** Number of buckets. */
  int buckets();

  /**
   * Collects what a split contributes; lazy.
   *
   * @param raw blocks of the split, with the ids of the source
   * @param training whether the example of an id is one to learn from
   */
  Iterator<Part> collect(int split, Iterator<Block> raw, LongPredicate training);

  /** Merges the parts of one bucket, which come in any order. */
  byte[] merge(Iterator<Part> parts);

  /**
   * What was learned.
   *
   * @param merged of all buckets, in their order
   * @throws io.lockstep.data.InputException if nothing can be learned of the examples
   */
  R finish(List<byte[]> merged);
}
