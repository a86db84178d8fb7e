package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Types;
import io.lockstep.data.InputException;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.Column.Missing;
import io.lockstep.data.normalize.Column.Scale;
import io.lockstep.data.normalize.ColumnRules;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.Times;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rule of {@code data.columns}: some columns, and what is made of them.
 *
 * @param number columns that hold numbers
 * @param category columns whose words stand for categories
 * @param date columns that hold dates
 * @param ignored columns that become no features
 * @param weight the column with the examples' weights
 * @param missing what becomes of a missing value
 * @param fill what stands in place of one
 * @param indicator whether a feature more says what was missing
 * @param scale of numbers
 * @param log whether their logarithms are taken
 * @param clip the smallest and the largest number that there is
 * @param format how dates are written
 * @param minCount examples of a word that is told apart
 * @param most words that are told apart
 */
public record ColumnKeys(
    Optional<List<String>> number,
    Optional<List<String>> category,
    Optional<List<String>> date,
    Optional<List<String>> ignored,
    Optional<String> weight,
    Optional<Missing> missing,
    Optional<String> fill,
    Optional<Boolean> indicator,
    Optional<Scale> scale,
    Optional<Boolean> log,
    Optional<List<Double>> clip,
    Optional<String> format,
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
              "date",
              oneOrMore(text(), "columns"),
              "Columns that hold dates, with or without a time of day: a feature for the time that"
                  + " has passed, two for the time of the year (sine and cosine), seven for the day"
                  + " of the week and, if training has times of day, two for these.")
          .optional(
              "ignored",
              oneOrMore(text(), "columns"),
              "Columns that become no features, such as ids; with `'*'` as the last rule all that"
                  + " no other names.")
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
                  + " `data.normalize`. Of dates, for the time that has passed: default"
                  + " `standardize`; with `none` it is days since 1970.")
          .optional(
              "log",
              bool(),
              "Whether the logarithm of 1 + number stands in place of it, before it is scaled."
                  + " Default false.")
          .optional(
              "clip",
              listOf(Types.number(Range.ANY), "numbers"),
              "The smallest and the largest number that there is, `[0, 100]`: what lies outside is"
                  + " taken for it, before all else.")
          .optional(
              "format",
              text(),
              "Of dates: pattern of Java's DateTimeFormatter such as `dd.MM.yyyy HH:mm`. Without it"
                  + " ISO 8601, as `2024-01-31` or `2024-01-31 12:30`.")
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
      checkAlone(
          "weight: is a column of its own, whose numbers are taken as they are; say nothing else in"
              + " this rule",
          Stream.of(
              number, category, date, ignored, missing, fill, indicator, scale, log, clip, format,
              minCount, most));
    } else if (Stream.of(number, category, date, ignored).filter(Optional::isPresent).count()
        != 1) {
      throw new InputException(
          "number: name columns here, or under category, date or ignored, and under one of them"
              + " only");
    }
    if (ignored.isPresent()) {
      checkAlone(
          "ignored: columns become no features, so say nothing else in this rule",
          Stream.of(missing, fill, indicator, scale, log, clip, format, minCount, most));
    }
    boolean constant = missing.equals(Optional.of(Missing.CONSTANT));
    if (missing.isPresent() && !constant && fill.isPresent()) {
      throw new InputException("fill: stands in place of missing; give one of them");
    }
    if (constant && fill.isEmpty()) {
      throw new InputException("missing: constant needs the constant, under fill");
    }
    if (category.isPresent() && (scale.isPresent() || log.isPresent() || clip.isPresent())) {
      throw new InputException(
          "scale: is for numbers, and so are log and clip; categories are 0 or 1");
    }
    if (date.isPresent() && (log.isPresent() || clip.isPresent() || fill.isPresent())) {
      throw new InputException(
          "date: has no log, clip or fill; missing dates take mean, median or mostFrequent");
    }
    if (date.isEmpty() && format.isPresent()) {
      throw new InputException("format: is for dates");
    }
    format.ifPresent(ColumnKeys::checkFormat);
    if (clip.filter(it -> it.size() != 2).isPresent()) {
      throw new InputException("clip: takes two numbers, the smallest and the largest");
    }
    if (category.isEmpty() && (minCount.isPresent() || most.isPresent())) {
      throw new InputException("minCount: is for categories, and so is most");
    }
    if (number.isPresent() && fill.filter(it -> !Numbers.isNumber(it)).isPresent()) {
      throw new InputException("fill: must be a number where columns hold numbers");
    }
    Column.Content checked =
        category.isPresent()
            ? new Column.Words(1, 1, List.of())
            : numbers(clip, Scale.NONE, log.orElse(false));
    column(missing, fill, indicator, checked);
  }

  private static void checkAlone(String problem, Stream<Optional<?>> others) {
    if (others.anyMatch(Optional::isPresent)) {
      throw new InputException(problem);
    }
  }

  private static void checkFormat(String pattern) {
    try {
      Times.formatter(pattern);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "format: '%s' is no pattern (%s); write it such as dd.MM.yyyy HH:mm"
              .formatted(pattern, e.getMessage()),
          e);
    }
  }

  /** Whether it says of columns what features or labels they become. */
  boolean isOfValues() {
    return weight.isEmpty();
  }

  ColumnRules.Rule rule(Scale otherwise) {
    List<String> columns = number.or(() -> category).or(() -> date).or(() -> ignored).orElseThrow();
    return new ColumnRules.Rule(columns, column(missing, fill, indicator, content(otherwise)));
  }

  private Column.Content content(Scale otherwise) {
    if (ignored.isPresent()) {
      return new Column.Ignored();
    }
    if (date.isPresent()) {
      return new Column.Dates(format.orElse(""), scale.orElse(Scale.STANDARDIZE));
    }
    if (category.isPresent()) {
      return new Column.Words(minCount.orElse(1), most.orElse(MOST), List.of());
    }
    return numbers(clip, scale.orElse(otherwise), log.orElse(false));
  }

  private static Column.Numbers numbers(Optional<List<Double>> clip, Scale scale, boolean log) {
    return clip.isPresent()
        ? new Column.Numbers(scale, log, clip.get().get(0), clip.get().get(1))
        : new Column.Numbers(scale, log);
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
