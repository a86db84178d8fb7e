package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.text.TextVectorization;

/**
 * A trained network that says, token by token, how likely each token is to come next. It remembers
 * all that it has read. Not thread-safe.
 */
public final class LanguageModel implements AutoCloseable {
  private final TextVectorization text;
  private final TokenReader reader;

  /**
   * The language model in a file.
   *
   * @throws InputException if there is none in it, or if it cannot go on from token to token
   */
  public LanguageModel(ModelFile file) {
    this.text =
        file.card()
            .text()
            .filter(it -> file.card().isLanguageModel())
            .orElseThrow(
                () ->
                    new InputException(
                        "the model is no language model: it was not trained to say which token"
                            + " comes next. Train one on a source of running text"));
    Blueprint blueprint = ((Blueprint) file.networks()).stateful("generate");
    reader = StepwiseReader.of(file, blueprint).orElseGet(() -> new ReplicaReader(file, blueprint));
  }

  /** How texts become tokens, and tokens text. */
  public TextVectorization text() {
    return text;
  }

  /** Begins anew, as if nothing had been read. */
  public void forget() {
    reader.forget();
  }

  /**
   * Reads on.
   *
   * @param ids tokens, at least one
   * @return probabilities of the token after them, {@code [vocabulary]}
   */
  public float[] read(int... ids) {
    return reader.read(ids);
  }

  @Override
  public void close() {
    reader.close();
  }
}
