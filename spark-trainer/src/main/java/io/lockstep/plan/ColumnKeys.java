package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.data.InputException;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.Column.Missing;
import io.lockstep.data.normalize.Column.Scale;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.Numbers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rule of {@code data.columns}: some columns, and what is made of them.
 *
 * @param number columns that hold numbers
 * @param category columns whose words stand for categories
 * @param weight the column with the examples' weights
 * @param missing what becomes of a missing value
 * @param fill what stands in place of one
 * @param indicator whether a feature more says what was missing
 * @param scale of numbers
 * @param log whether their logarithms are taken
 * @param minCount examples of a word that is told apart
 * @param most words that are told apart
 */
public record ColumnKeys(
    Optional<List<String>> number,
    Optional<List<String>> category,
    Optional<String> weight,
    Optional<Missing> missing,
    Optional<String> fill,
    Optional<Boolean> indicator,
    Optional<Scale> scale,
    Optional<Boolean> log,
    Optional<Integer> minCount,
    Optional<Integer> most) {
  private static final int MOST = 200;

  static final Section<ColumnKeys> COLUMN =
      Section.of(
              ColumnKeys.class,
              "What some columns of a table hold, and what is made of them: `{number: [age],"
                  + " missing: median}`, `{category: [job, town], minCount: 10}`. All that is"
                  + " learned for it is learned of the training part, and saved in the model. A"
                  + " rule may name the label (`category`) or targets (`number`) too, for `missing:"
                  + " drop`.")
          .optional(
              "number",
              oneOrMore(text(), "columns"),
              "Columns that hold numbers, by name, number, range (`5-9`) or pattern (`temp_*`,"
                  + " `'*'`).")
          .optional(
              "category",
              oneOrMore(text(), "columns"),
              "Columns whose words stand for categories: a feature for each word, 1 in rows that"
                  + " have it, else 0. A word that is not told apart, or was never met in training,"
                  + " is another: these have one feature if training had such, else all are 0.")
          .optional(
              "weight",
              text(),
              "The column with each example's weight, which is no feature; as `weight` of the"
                  + " `csv`.")
          .optional(
              "missing",
              choice(Missing.class),
              "What becomes of a missing value: an error (`fail`); its row is left out and counted"
                  + " (`drop`); it gets the `mean`, the `median` or what is there most often"
                  + " (`mostFrequent`), or what `fill` says (`constant`); it is a `category` of its"
                  + " own. Default `fail`.")
          .optional(
              "fill",
              text(),
              "A constant in place of what is missing; then `missing` may be left out.")
          .optional(
              "indicator",
              bool(),
              "Whether a feature more is 1 where it is missing. Default false.")
          .optional(
              "scale",
              choice(Scale.class),
              "Of numbers: `standardize`, `minMax` (0 to 1) or `none`. Default as"
                  + " `data.normalize`.")
          .optional(
              "log",
              bool(),
              "Whether the logarithm of 1 + number stands in place of it, before it is scaled."
                  + " Default false.")
          .optional(
              "minCount",
              integer(1),
              "Training examples of a word, fewer of which make it another. Default 1.")
          .optional("most", integer(1), "Words told apart, the most frequent ones. Default 200.")
          .build();

  /**
   * @throws InputException if its parts contradict each other
   */
  public ColumnKeys {
    if (weight.isPresent()) {
      checkWeight(number, category, missing, fill, indicator, scale, log, minCount, most);
    } else if (number.isPresent() == category.isPresent()) {
      throw new InputException("number: name columns here, or under category, and not under both");
    }
    boolean constant = missing.equals(Optional.of(Missing.CONSTANT));
    if (missing.isPresent() && !constant && fill.isPresent()) {
      throw new InputException("fill: stands in place of missing; give one of them");
    }
    if (constant && fill.isEmpty()) {
      throw new InputException("missing: constant needs the constant, under fill");
    }
    if (category.isPresent() && (scale.isPresent() || log.isPresent())) {
      throw new InputException("scale: is for numbers, and so is log; categories are 0 or 1");
    }
    if (number.isPresent() && (minCount.isPresent() || most.isPresent())) {
      throw new InputException("minCount: is for categories, and so is most");
    }
    if (number.isPresent() && fill.filter(it -> !Numbers.isNumber(it)).isPresent()) {
      throw new InputException("fill: must be a number where columns hold numbers");
    }
    column(missing, fill, indicator, content(number, scale, log, minCount, most, Scale.NONE));
  }

  private static void checkWeight(Optional<?>... others) {
    if (Stream.of(others).anyMatch(Optional::isPresent)) {
      throw new InputException(
          "weight: is a column of its own, whose numbers are taken as they are; say nothing else in"
              + " this rule");
    }
  }

  /** Whether it says of columns what features or labels they become. */
  boolean isOfValues() {
    return weight.isEmpty();
  }

  ColumnRules.Rule rule(Scale otherwise) {
    return new ColumnRules.Rule(
        number.orElseGet(category::orElseThrow),
        column(missing, fill, indicator, content(number, scale, log, minCount, most, otherwise)));
  }

  private static Column.Content content(
      Optional<List<String>> number,
      Optional<Scale> scale,
      Optional<Boolean> log,
      Optional<Integer> minCount,
      Optional<Integer> most,
      Scale otherwise) {
    return number.isPresent()
        ? new Column.Numbers(scale.orElse(otherwise), log.orElse(false))
        : new Column.Words(minCount.orElse(1), most.orElse(MOST), List.of());
  }

  private static Column column(
      Optional<Missing> missing,
      Optional<String> fill,
      Optional<Boolean> indicator,
      Column.Content content) {
    Missing gap = fill.isPresent() ? Missing.CONSTANT : missing.orElse(Missing.FAIL);
    return new Column("", content, new Column.Gap(gap, fill.orElse(""), indicator.orElse(false)));
  }
}
