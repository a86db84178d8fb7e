package io.lockstep.score;

import io.lockstep.data.InputException;
import java.io.Serializable;

/**
 * What of a network's outputs is wanted, beside the prediction itself.
 *
 * @param probabilities whether that of each class is; of two classes it always is
 * @param topK how many of the most probable classes; 0 for none
 * @param raw whether the values are, as the network puts them out
 * @param flat whether rows are for files of text, where a column holds one value: several become
 *     one text, such as {@code [0.25,0.75]}
 */
public record Wanted(boolean probabilities, int topK, boolean raw, boolean flat)
    implements Serializable {
  /** The prediction alone. */
  public static final Wanted PREDICTION = new Wanted(false, 0, false, false);

  /**
   * @throws InputException if {@code topK} is negative
   */
  public Wanted {
    if (topK < 0) {
      throw new InputException("top-k: there is no top %d; give 1 or more".formatted(topK));
    }
  }

  /** The same with the probability of each class. */
  public Wanted withProbabilities() {
    return new Wanted(true, topK, raw, flat);
  }

  /** The same with the {@code k} most probable classes. */
  public Wanted withTopK(int k) {
    return new Wanted(probabilities, k, raw, flat);
  }

  /** The same with the values that the network puts out. */
  public Wanted withRaw() {
    return new Wanted(probabilities, topK, true, flat);
  }

  /** The same for files of text. */
  public Wanted flattened() {
    return new Wanted(probabilities, topK, raw, true);
  }
}
