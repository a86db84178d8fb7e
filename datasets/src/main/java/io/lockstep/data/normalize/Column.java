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
   */
  public record Numbers(Scale scale, boolean log) implements Content {}

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
    boolean number = content instanceof Numbers;
    if (number && gap.missing() == Missing.CATEGORY) {
      throw new InputException(
          "missing: category is for categories; numbers take mean, median, mostFrequent or fill");
    }
    if (!number && (gap.missing() == Missing.MEAN || gap.missing() == Missing.MEDIAN)) {
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
}
