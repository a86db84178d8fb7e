package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.series.EpochSeconds;
import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.Times;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times as tables have them: dates and date-times of ISO 8601 (also with a blank for the T),
 * numbers, or what a pattern of {@link DateTimeFormatter} says. Times without a zone are taken for
 * UTC, so that no clock is put forward or back. Not thread-safe.
 *
 * @param pattern empty for ISO 8601 and numbers
 */
public record SeriesTime(String pattern, DateTimeFormatter formatter) {
  /**
   * @throws InputException if there is no such pattern; the message begins with the key
   */
  static SeriesTime of(String pattern) {
    if (pattern.isEmpty()) {
      return new SeriesTime(pattern, null);
    }
    try {
      return new SeriesTime(pattern, Times.formatter(pattern));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "timeFormat: '%s' is no pattern (%s); write it such as dd.MM.yyyy HH:mm"
              .formatted(pattern, e.getMessage()),
          e);
    }
  }

  /** Seconds since 1970 of a date, or the number that a time is; NaN if it is neither. */
  double parse(String text) {
    if (formatter != null) {
      return Times.parse(text, formatter);
    }
    return Numbers.isNumber(text) ? Double.parseDouble(text) : Times.parse(text);
  }

  /** Whether a time that is written so counts seconds. */
  boolean isDate(String text) {
    return formatter != null || !Numbers.isNumber(text);
  }

  /**
   * A time as text.
   *
   * @param like a time that was read, written as this one is to be
   */
  String format(double time, String like) {
    if (!isDate(like)) {
      return new BigDecimal(time)
          .setScale(9, java.math.RoundingMode.HALF_EVEN)
          .stripTrailingZeros()
          .toPlainString();
    }
    LocalDateTime date = EpochSeconds.date(time);
    if (formatter != null) {
      return formatter.format(date);
    }
    if (like.length() == 10) {
      return date.toLocalDate().toString();
    }
    boolean seconds = like.chars().filter(c -> c == ':').count() > 1 || date.getSecond() != 0;
    String text =
        date.format(
            DateTimeFormatter.ofPattern(
                seconds ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm", Locale.ROOT));
    text = like.charAt(10) == ' ' ? text.replace('T', ' ') : text;
    boolean zoned = like.endsWith("Z") || like.lastIndexOf('+') > 10 || like.lastIndexOf('-') > 10;
    return zoned ? text + "Z" : text;
  }
}
