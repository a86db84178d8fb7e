package io.lockstep.data.source;

import io.lockstep.data.series.EpochSeconds;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * Dates and times as files have them. Times without a zone are taken for UTC, so that no clock is
 * put forward or back.
 */
public final class Times {
  private Times() {}

  /**
   * The formatter of a pattern; what the pattern lacks is the first of its kind: January, the first
   * day, midnight.
   *
   * @throws IllegalArgumentException if it is no pattern
   */
  public static DateTimeFormatter formatter(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
        .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
        .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
        .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
        .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
        .toFormatter(Locale.ROOT);
  }

  /** Seconds since 1970 of a date that is written so; NaN if it is none. */
  public static double parse(String text, DateTimeFormatter formatter) {
    try {
      return EpochSeconds.of(LocalDateTime.parse(text, formatter));
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  /** Seconds since 1970 of a date of ISO 8601, also with a blank for the T; NaN if it is none. */
  public static double parse(String text) {
    try {
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
}
