package io.lockstep.data.text;

import io.lockstep.data.InputException;
import java.io.Serializable;

/**
 * How texts become sequences of token ids.
 *
 * @param tokenizer cuts them
 * @param maxTokens size of the vocabulary at most, the two reserved ids included
 * @param minCount how often a token must come in the training part to be in the vocabulary
 * @param maxLength tokens that a text has at most
 * @param truncate whether of a longer text the first {@code maxLength} tokens are kept; else it is
 *     no example
 * @param nextToken whether the label at each token is the one after it, as in a language model
 */
public record TextOptions(
    Tokenizer tokenizer,
    int maxTokens,
    int minCount,
    int maxLength,
    boolean truncate,
    boolean nextToken)
    implements Serializable {
  /** The length of texts that are kept whole. */
  public static final int WHOLE = Integer.MAX_VALUE;

  /**
   * @throws InputException if a limit cannot be; the message begins with the key
   */
  public TextOptions {
    if (maxTokens <= Vocabulary.RESERVED || maxTokens > Vocabulary.MOST) {
      throw new InputException(
          "maxTokens: counts the ids 0 (padding) and 1 (unknown) too, so it must be from 3 to %d,"
                  .formatted(Vocabulary.MOST)
              + " not "
              + maxTokens);
    }
    if (minCount < 1) {
      throw new InputException("minCount: must be at least 1, not " + minCount);
    }
    if (maxLength < 1) {
      throw new InputException("maxLength: must be at least 1, not " + maxLength);
    }
    if (!truncate && maxLength == WHOLE) {
      throw new InputException(
          "truncate: says what becomes of texts longer than maxLength, which is not given");
    }
  }

  /** Longer texts keep their beginning. */
  public TextOptions(
      Tokenizer tokenizer, int maxTokens, int minCount, int maxLength, boolean nextToken) {
    this(tokenizer, maxTokens, minCount, maxLength, true, nextToken);
  }

  /** Whole texts, with all tokens in the vocabulary. */
  public static TextOptions of(Tokenizer tokenizer) {
    return new TextOptions(tokenizer, Vocabulary.MOST, 1, WHOLE, false);
  }

  /** The same for a language model. */
  public TextOptions forNextToken() {
    return new TextOptions(tokenizer, maxTokens, minCount, maxLength, truncate, true);
  }
}
