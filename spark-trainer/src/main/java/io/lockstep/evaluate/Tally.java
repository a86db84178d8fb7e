package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What an evaluation of one {@link Task} remembers of the examples it has seen.
 *
 * <p>Sums of doubles depend on the order of merging in their last bits, so whoever merges does it
 * in a fixed order; scores do not care, nor do counts where weights are whole numbers, or none.
 */
interface Tally {
  /**
   * Adds {@code rows} examples: {@code outputs} and {@code labels} are {@code [rows, width]}.
   *
   * @param weights by which rows count, {@code [rows]}; null if each counts 1
   */
  void add(float[] outputs, float[] labels, float[] weights, int rows);

  /**
   * As {@link #add(float[], float[], float[], int)}.
   *
   * @param references what else is compared with, each as {@code outputs}; of a forecast the naive
   *     one, the scales of errors, and where outputs are differences what they are added to
   */
  default void add(
      float[] outputs, float[] labels, List<float[]> references, float[] weights, int rows) {
    add(outputs, labels, weights, rows);
  }

  /** What is remembered of one output for yes; null where there is no such output. */
  default YesNo yesNo() {
    return null;
  }

  /** Adds all that {@code other} has seen; it is of the same class and width. */
  void merge(Tally other);

  /** Bytes that {@link #write} will write. */
  long encodedBytes();

  void write(ByteBuffer out);

  /** Reads what {@link #write} wrote into this empty tally; the buffer holds it to the end. */
  void read(ByteBuffer in);

  /** Sets the metrics of what has been seen. */
  void report(EvaluationResult.Builder result, List<String> names);

  static Tally of(EvaluationSpec spec) {
    if (spec.task() == Task.SEVERAL) {
      return new SeveralTally(spec);
    }
    if (spec.task() == Task.CLASSIFICATION) {
      return new ClassTally(spec.width(), spec.topK(), spec.threshold());
    }
    if (spec.task() == Task.LANGUAGE_MODEL) {
      return new TokenTally(spec.width(), spec.topK());
    }
    if (spec.task() == Task.BINARY) {
      return new BinaryTally(spec.width(), spec.threshold());
    }
    return spec.task() == Task.FORECAST
        ? new ForecastTally(spec.width())
        : new RegressionTally(spec.width());
  }
}
