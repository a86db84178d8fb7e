package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.series.EpochSeconds;
import io.lockstep.data.source.Numbers;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
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
      return new SeriesTime(
          pattern,
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
              .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
              .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
              .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
              .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
              .toFormatter(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "timeFormat: '%s' is no pattern (%s); write it such as dd.MM.yyyy HH:mm"
              .formatted(pattern, e.getMessage()),
          e);
    }
  }

  /** Seconds since 1970 of a date, or the number that a time is; NaN if it is neither. */
  double parse(String text) {
    try {
      if (formatter != null) {
        return EpochSeconds.of(LocalDateTime.parse(text, formatter));
      }
      if (Numbers.isNumber(text)) {
        return Double.parseDouble(text);
      }
      if (text.length() == 10) {
        return EpochSeconds.of(LocalDate.parse(text).atStartOfDay());
      }
      String iso = text.length() > 10 && text.charAt(10) == ' ' ? withT(text) : text;
      boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10;
      return zoned
          ? OffsetDateTime.parse(iso).toEpochSecond()
          : EpochSeconds.of(LocalDateTime.parse(iso));
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  private static String withT(String text) {
    return text.substring(0, 10) + 'T' + text.substring(11);
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
