package io.lockstep.data.normalize;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.util.List;

/**
 * What a column of a table holds, and what is to be made of it.
 *
 * @param name of the column
 * @param content what its values are
 * @param gap what becomes of a missing value
 */
public record Column(String name, Content content, Gap gap) implements Serializable {
  /** What the values of a column are. */
  public sealed interface Content extends Serializable {}

  /**
   * Numbers.
   *
   * @param scale what is done to them
   * @param log whether the logarithm of 1 + value stands in place of the value, before it is scaled
   * @param low smallest number that there is; a smaller one is taken for it, before all else
   * @param high largest one likewise
   */
  public record Numbers(Scale scale, boolean log, double low, double high) implements Content {
    /**
     * @throws InputException if the range is none
     */
    public Numbers {
      if (!(low < high)) {
        throw new InputException(
            "clip: [%s, %s] is no range; the first number must be below the second"
                .formatted(low, high));
      }
    }

    /** Numbers of any size. */
    public Numbers(Scale scale, boolean log) {
      this(scale, log, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** Whether there is a smallest or a largest number. */
    boolean clips() {
      return low > Double.NEGATIVE_INFINITY || high < Double.POSITIVE_INFINITY;
    }

    /** A number within the range; NaN stays what it is. */
    double clipped(double value) {
      return Math.min(Math.max(value, low), high);
    }
  }

  /**
   * Dates and times, each as seconds since 1970.
   *
   * @param format pattern of Java's DateTimeFormatter; empty for ISO 8601
   * @param scale what is done to the time that has passed
   */
  public record Dates(String format, Scale scale) implements Content {}

  /** What is of no use, and becomes no feature. */
  public record Ignored() implements Content {}

  /**
   * Words, of which each stands for a category.
   *
   * @param minCount examples of a word, fewer of which make it one of the others
   * @param most words that are told apart, the most frequent ones; all others are joined
   * @param known words that there were in training; empty before
   */
  public record Words(int minCount, int most, List<String> known) implements Content {
    public Words {
      known = List.copyOf(known);
    }
  }

  /** How numbers are scaled. */
  public enum Scale {
    /** Not at all. */
    NONE,
    /** To mean 0 and deviation 1. */
    STANDARDIZE,
    /** To the range from 0 to 1. */
    MIN_MAX
  }

  /** What becomes of a missing value. */
  public enum Missing {
    /** It is an error. */
    FAIL,
    /** Its row is left out, and counted. */
    DROP,
    /** It gets the mean. */
    MEAN,
    /** It gets the median. */
    MEDIAN,
    /** It gets what is there most often. */
    MOST_FREQUENT,
    /** It gets a constant. */
    CONSTANT,
    /** It is a category of its own. */
    CATEGORY
  }

  /**
   * What becomes of a missing value.
   *
   * @param missing in place of it
   * @param constant that it gets; empty for anything else
   * @param indicator whether a feature more says that it is missing
   */
  public record Gap(Missing missing, String constant, boolean indicator) implements Serializable {
    /** It is an error. */
    public static final Gap FAIL = new Gap(Missing.FAIL, "", false);

    /** Whether a row without the value is of use. */
    public boolean filled() {
      return missing != Missing.FAIL && missing != Missing.DROP;
    }
  }

  /**
   * @throws InputException if its parts contradict each other
   */
  public Column {
    boolean words = content instanceof Words;
    if (!words && gap.missing() == Missing.CATEGORY) {
      throw new InputException(
          "missing: category is for categories; others take mean, median or mostFrequent, numbers"
              + " fill");
    }
    if (words && (gap.missing() == Missing.MEAN || gap.missing() == Missing.MEDIAN)) {
      throw new InputException("missing: words have no mean; take category or mostFrequent");
    }
    if (gap.indicator() && !gap.filled()) {
      throw new InputException(
          "indicator: tells what was missing, so say with missing or fill what stands there");
    }
  }

  /** The same under a name. */
  public Column named(String other) {
    return new Column(other, content, gap);
  }

  /** Whether its values are words. */
  public boolean isWords() {
    return content instanceof Words;
  }

  /** Whether it becomes no feature. */
  public boolean isIgnored() {
    return content instanceof Ignored;
  }
}
