package io.lockstep.evaluate;

import java.util.List;

/**
 * How often examples of each class were predicted to be of each class.
 *
 * @param names of the classes
 * @param counts {@code [actual, predicted]}
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, compared by nobody
public record ConfusionMatrix(List<String> names, long[][] counts) {
  public ConfusionMatrix {
    names = List.copyOf(names);
    if (counts.length != names.size()) {
      throw new IllegalArgumentException(
          "%d names for %d classes".formatted(names.size(), counts.length));
    }
  }

  /** Number of classes. */
  public int size() {
    return counts.length;
  }

  /** Examples of class {@code actual} predicted to be of class {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }
}
