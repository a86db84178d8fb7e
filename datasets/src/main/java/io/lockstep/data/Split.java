package io.lockstep.data;

import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import java.util.Arrays;
import java.util.Locale;

/**
 * Which examples of a source are trained, and which are held out for validation.
 *
 * <p>Both arrays hold file positions. {@code training} is in random order, so that the contiguous
 * range a replica owns is a fair sample even of a file that is sorted by class; {@link #shard}
 * sorts the range for reading. {@code validation} is ascending.
 *
 * @param training positions of the training split, in the order in which they are dealt to replicas
 * @param validation positions held out, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // one int per example; compared by nobody
public record Split(int[] training, int[] validation) {
  /**
   * Draws a split: a pure function of its arguments, stable for ever.
   *
   * @param examples number of examples of the source
   * @param validationFraction share to hold out, [0, 1); rounded to the nearest count, but at least
   *     one example as soon as it is above 0
   * @throws InputException if nothing would be left to train
   */
  public static Split of(int examples, double validationFraction, long seed) {
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          "validation fraction not in [0, 1): " + validationFraction);
    }
    int held = (int) Math.round(examples * validationFraction);
    if (validationFraction > 0) {
      held = Math.max(held, 1);
    }
    if (held >= examples) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Nothing left to train: %,d example(s), of which %,d would be held out for validation"
                  + " (fraction %s). Provide more examples or a smaller fraction.",
              examples,
              held,
              validationFraction));
    }
    int[] order = new SplitMix64(Seeds.derive(Seeds.Purpose.SPLIT, seed)).permutation(examples);
    int[] validation = Arrays.copyOf(order, held);
    Arrays.sort(validation);
    return new Split(Arrays.copyOfRange(order, held, examples), validation);
  }

  /**
   * Returns the file positions of the training examples that {@code replica} of {@code replicas}
   * owns, ascending, as {@link ExampleSource#read} wants them.
   */
  public int[] shard(int replicas, int replica) {
    IndexRange range = Shards.range(training.length, replicas, replica);
    int[] positions = Arrays.copyOfRange(training, range.from(), range.to());
    Arrays.sort(positions);
    return positions;
  }
}
