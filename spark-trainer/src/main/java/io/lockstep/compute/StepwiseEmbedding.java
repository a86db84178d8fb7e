package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;

/** Vectors of tokens, one after the other in memory: what {@link FastEmbeddingSequence} picks. */
final class StepwiseEmbedding {
  private final float[] table;
  private final int width;
  private final float[] vector;

  StepwiseEmbedding(EmbeddingSequenceLayer layer, FlatParameters parameters) {
    int tokens = Math.toIntExact(layer.getNIn());
    int units = Math.toIntExact(layer.getNOut());
    width = Lanes.width(units);
    table = new float[Math.multiplyExact(tokens, width)];
    for (int unit = 0; unit < units; unit++) {
      float[] column = parameters.vector(tokens, 1);
      for (int token = 0; token < tokens; token++) {
        table[token * width + unit] = column[token];
      }
    }
    if (layer.hasBias()) {
      float[] bias = parameters.vector(units, 1);
      for (int i = 0; i < table.length; i++) {
        table[i] += bias[i % width];
      }
    }
    vector = new float[width];
  }

  /** The vector of {@code token}; valid until the next. */
  float[] of(int token) {
    System.arraycopy(table, token * width, vector, 0, width);
    return vector;
  }
}
