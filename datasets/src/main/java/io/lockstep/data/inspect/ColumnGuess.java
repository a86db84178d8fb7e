package io.lockstep.data.inspect;

import java.util.List;
import java.util.Optional;

/**
 * What a column of a table seems to hold.
 *
 * @param name in the header, or its number
 * @param kind that it seems to be of
 * @param missing how many values are missing
 * @param different values, as far as they were counted
 * @param smallest number, if it holds numbers
 * @param words its values, if they may be classes; else empty
 */
public record ColumnGuess(
    String name, Kind kind, long missing, int different, double smallest, List<String> words) {
  /** What a column may hold. */
  public enum Kind {
    /** Numbers. */
    NUMBER,
    /** Words that come again, or few whole numbers. */
    CATEGORY,
    /** Nothing, an id, or texts. */
    NOTHING
  }

  /** Whether it can be a class to be learned. */
  public boolean isClass() {
    return !words.isEmpty();
  }

  /** A look at it by name. */
  static Optional<ColumnGuess> named(List<ColumnGuess> columns, String name) {
    return columns.stream().filter(it -> it.name().equals(name)).findFirst();
  }
}
