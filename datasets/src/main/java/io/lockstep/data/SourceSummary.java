package io.lockstep.data;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a source holds, known before its examples are read.
 *
 * @param examples how many there are
 * @param type of the feature values
 * @param shape of one example's features, such as {@code [1, 28, 28]} (channels, height, width) or
 *     {@code [10]}
 * @param labels of the examples
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode below look inside
public record SourceSummary(int examples, FeatureType type, int[] shape, Labels labels) {
  /** Values of one example's features. */
  public int width() {
    return ExampleBlock.width(shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceSummary that
        && examples == that.examples
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && labels.equals(that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * examples + Arrays.hashCode(shape)) + labels.hashCode();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d examples, features %s %s, %,d %s",
        examples,
        Arrays.toString(shape),
        type == FeatureType.UINT8 ? "uint8" : "float32",
        labels.width(),
        labels instanceof Labels.Classes ? "classes" : "target(s)");
  }
}
