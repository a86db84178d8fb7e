package io.lockstep.data.exchange;

import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.text.TextVectorization;
import java.io.Serializable;
import java.util.Optional;

/**
 * What is done to the first input of raw examples before a network is given them; belongs to the
 * trained model.
 */
public sealed interface Preparation extends Serializable {
  /** What is done to numbers; nothing, if the input is text. */
  Normalizer normalizer();

  /** What is done to text; empty if the input is numbers. */
  Optional<TextVectorization> text();

  /** Of numbers. */
  record Numbers(Normalizer normalizer) implements Preparation {
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
