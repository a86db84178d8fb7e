package io.lockstep.generate;

import io.lockstep.data.InputException;

/**
 * How the next token is drawn.
 *
 * @param temperature that logarithms of probabilities are divided by: below 1 the likely becomes
 *     likelier; 0 takes the likeliest always
 * @param topK only the {@code topK} likeliest are drawn from, 0 for all
 * @param topP only the likeliest that together have this probability are drawn from (nucleus
 *     sampling, Holtzman et al. 2019, arXiv 1904.09751), 1 for all
 */
public record Sampling(double temperature, int topK, double topP) {
  /** Draws from the probabilities as they are. */
  public static final Sampling PLAIN = new Sampling(1, 0, 1);

  /**
   * @throws InputException if a value cannot be
   */
  public Sampling {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new InputException("temperature must be at least 0, but is " + temperature);
    }
    if (topK < 0) {
      throw new InputException("top-k must be at least 1, or 0 for all tokens, but is " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new InputException("top-p must be above 0 and at most 1, but is " + topP);
    }
  }
}
