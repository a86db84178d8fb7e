package io.lockstep.data.exchange;

import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.text.TextVectorization;
import java.io.Serializable;
import java.util.Optional;

/**
 * What is done to the first input of raw examples, and to numbers that are to be predicted, before
 * a network is given them; belongs to the trained model.
 */
public sealed interface Preparation extends Serializable {
  /** What is done to numbers; nothing, if the input is text. */
  Normalizer normalizer();

  /** What is done to text; empty if the input is numbers. */
  Optional<TextVectorization> text();

  /** What is done to numbers to be predicted; empty for nothing. */
  default Optional<Standardization> targets() {
    return Optional.empty();
  }

  /**
   * Of numbers.
   *
   * @param standardizedTargets what is done to numbers to be predicted; null for nothing
   */
  record Numbers(Normalizer normalizer, Standardization standardizedTargets)
      implements Preparation {
    /** Of numbers, without touching what is to be predicted. */
    public Numbers(Normalizer normalizer) {
      this(normalizer, null);
    }

    @Override
    public Optional<Standardization> targets() {
      return Optional.ofNullable(standardizedTargets);
    }

    @Override
    public Optional<TextVectorization> text() {
      return Optional.empty();
    }
  }

  /** Of texts. */
  record Texts(TextVectorization vectorization) implements Preparation {
    @Override
    public Normalizer normalizer() {
      return new Normalizer.Identity();
    }

    @Override
    public Optional<TextVectorization> text() {
      return Optional.of(vectorization);
    }
  }
}
