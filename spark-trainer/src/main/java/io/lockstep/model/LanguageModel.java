package io.lockstep.model;

import io.lockstep.data.InputException;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.text.TextVectorization;
import java.util.Arrays;
import java.util.List;

/**
 * A trained network that says, token by token, how likely each token is to come next. It remembers
 * all that it has read. Not thread-safe.
 */
public final class LanguageModel implements AutoCloseable {
  private static final float[] NOTHING = {};

  private final ModelFile file;
  private final TextVectorization text;
  private final Replica replica;

  /**
   * The language model in a file.
   *
   * @throws InputException if there is none in it, or if it cannot go on from token to token
   */
  public LanguageModel(ModelFile file) {
    this.file = file;
    this.text =
        file.card()
            .text()
            .filter(it -> file.card().isLanguageModel())
            .orElseThrow(
                () ->
                    new InputException(
                        "the model is no language model: it was not trained to say which token"
                            + " comes next. Train one on a source of running text"));
    replica = ((Blueprint) file.networks()).stateful("generate").create();
    replica.load(file.state());
    forget();
  }

  /** How texts become tokens, and tokens text. */
  public TextVectorization text() {
    return text;
  }

  /** Begins anew, as if nothing had been read. */
  public void forget() {
    replica.carry(NOTHING);
  }

  /**
   * Reads on.
   *
   * @param ids tokens, at least one
   * @return probabilities of the token after them, {@code [vocabulary]}
   */
  public float[] read(int... ids) {
    int time = ids.length;
    float[] mask = new float[time];
    Arrays.fill(mask, 1);
    var tokens = new Tensor(file.card().input().input(), new int[] {1, time}, null, ids, mask);
    float[] outputs = replica.output(new Minibatch(1, List.of(tokens), List.of(), null));
    float[] last = new float[text.vocabulary().size()];
    for (int id = 0; id < last.length; id++) {
      last[id] = outputs[id * time + time - 1];
    }
    return last;
  }

  @Override
  public void close() {
    replica.close();
  }
}
