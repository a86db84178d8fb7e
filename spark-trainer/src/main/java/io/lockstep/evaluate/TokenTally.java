package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * How well a language model foretells tokens. Bounded however large the vocabulary is: who is taken
 * for whom is not counted.
 *
 * <p>Byte layout: weights of the tokens, of hits and of top-k hits, sum of the negative logarithms
 * of the right tokens' probabilities in nats (4 doubles).
 */
final class TokenTally implements Tally {
  /** What a probability counts as at least: one that is 0 would make all others worthless. */
  private static final double LEAST = 1e-30;

  private final int width;
  private final int topK;
  private double tokens;
  private double hits;
  private double topHits;
  private double nats;

  TokenTally(int width, int topK) {
    this.width = width;
    this.topK = topK;
  }

  @Override
  public void add(float[] outputs, float[] labels, float[] weights, int rows) {
    for (int row = 0; row < rows; row++) {
      double weight = weights == null ? 1 : weights[row];
      int from = row * width;
      int label = 0;
      while (labels[from + label] == 0 && label < width - 1) {
        label++;
      }
      float right = outputs[from + label];
      int higher = 0; // and equal ones before it, as the first of the highest is the guess
      int strictlyHigher = 0;
      for (int id = 0; id < width; id++) {
        float other = outputs[from + id];
        strictlyHigher += other > right ? 1 : 0;
        higher += other > right || (other == right && id < label) ? 1 : 0;
      }
      hits += higher == 0 ? weight : 0;
      topHits += strictlyHigher < topK ? weight : 0;
      nats -= weight * StrictMath.log(Math.max(right, LEAST));
      tokens += weight;
    }
  }

  @Override
  public void merge(Tally other) {
    var that = (TokenTally) other;
    tokens += that.tokens;
    hits += that.hits;
    topHits += that.topHits;
    nats += that.nats;
  }

  @Override
  public long encodedBytes() {
    return 4 * Double.BYTES;
  }

  @Override
  public void write(ByteBuffer out) {
    out.putDouble(tokens).putDouble(hits).putDouble(topHits).putDouble(nats);
  }

  @Override
  public void read(ByteBuffer in) {
    tokens = in.getDouble();
    hits = in.getDouble();
    topHits = in.getDouble();
    nats = in.getDouble();
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    double mean = nats / tokens;
    result.set(Metric.CROSS_ENTROPY, mean);
    result.set(Metric.PERPLEXITY, Math.exp(mean));
    result.set(Metric.BITS_PER_TOKEN, mean / Math.log(2));
    result.set(Metric.ACCURACY, hits / tokens);
    if (topK > 1) {
      result.set(Metric.TOP_K, topHits / tokens);
    }
  }
}
