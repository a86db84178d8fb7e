package io.lockstep.data.source.csv;

import io.lockstep.data.source.Numbers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How missing values are written: texts, and numbers in whatever form, so that {@code -200} is also
 * found where a table has {@code -200.0}. An empty value is missing in any case. Immutable.
 */
public final class MissingValues {
  private final Set<String> texts;
  private final Set<Double> numbers = new HashSet<>();

  public MissingValues(List<String> words) {
    texts = Set.copyOf(words);
    words.stream().filter(Numbers::isNumber).map(MissingValues::number).forEach(numbers::add);
  }

  private static Double number(String word) {
    return Double.parseDouble(word) + 0.0; // -0 is 0
  }

  /** Whether a value that reads as {@code number}, which is NaN if it is none, is missing. */
  public boolean contains(String value, double number) {
    return value.isEmpty() || numbers.contains(number + 0.0) || texts.contains(value);
  }

  /** Whether no number stands for a missing value, so that a number need not be looked at. */
  public boolean areWords() {
    return numbers.isEmpty();
  }
}
