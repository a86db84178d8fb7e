package io.lockstep.compute;

/** Softmax over rows, with or without the cross-entropy of labels, in double precision. */
final class Softmax {
  private final float[] values;
  private final float[] labels;
  private final double[] exponentials;

  /**
   * For rows of a fixed length.
   *
   * @param width values per row
   */
  Softmax(int width) {
    this.values = new float[width];
    this.labels = new float[width];
    this.exponentials = new double[width];
  }

  /** Replaces each of {@code rows} rows by its probabilities. */
  void forward(Memory memory, int rows) {
    int width = values.length;
    for (int row = 0; row < rows; row++) {
      memory.get(row * width, values, width);
      double sum = exponentiate();
      for (int i = 0; i < width; i++) {
        values[i] = (float) (exponentials[i] / sum);
      }
      memory.put(row * width, values, width);
    }
  }

  /**
   * The loss of {@code rows} rows and its gradient.
   *
   * @param preOutput what the softmax is taken of
   * @param expected probabilities that sum to one per row, or zeros
   * @param delta receives the gradient at {@code preOutput}: probabilities minus labels, weighted
   * @param weights of the rows, null if all count alike
   * @param clip distance that probabilities keep from 0 and 1 in the loss
   * @return the sum of {@code -label * log(probability)}, weighted
   */
  double crossEntropy(
      Memory preOutput, Memory expected, Memory delta, int rows, float[] weights, double clip) {
    int width = values.length;
    double loss = 0;
    for (int row = 0; row < rows; row++) {
      preOutput.get(row * width, values, width);
      expected.get(row * width, labels, width);
      double sum = exponentiate();
      float weight = weights == null ? 1f : weights[row];
      for (int i = 0; i < width; i++) {
        float probability = (float) (exponentials[i] / sum);
        values[i] = weight * (probability - labels[i]);
        if (labels[i] != 0f) {
          loss -= weight * labels[i] * Math.log(Math.min(Math.max(probability, clip), 1 - clip));
        }
      }
      delta.put(row * width, values, width);
    }
    return loss;
  }

  /** Fills the exponentials, relative to the largest value, and returns their sum. */
  private double exponentiate() {
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      highest = Math.max(highest, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      exponentials[i] = Math.exp(values[i] - highest);
      sum += exponentials[i];
    }
    return sum;
  }
}
