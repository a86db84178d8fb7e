package io.lockstep.data.source;

import io.lockstep.data.InputException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
        return seconds(LocalDateTime.parse(text, formatter));
      }
      if (Numbers.isNumber(text)) {
        return Double.parseDouble(text);
      }
      if (text.length() == 10) {
        return seconds(LocalDate.parse(text).atStartOfDay());
      }
      String iso = text.length() > 10 && text.charAt(10) == ' ' ? withT(text) : text;
      boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10;
      return zoned ? OffsetDateTime.parse(iso).toEpochSecond() : seconds(LocalDateTime.parse(iso));
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  private static String withT(String text) {
    return text.substring(0, 10) + 'T' + text.substring(11);
  }

  private static double seconds(LocalDateTime time) {
    Instant instant = time.toInstant(ZoneOffset.UTC);
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }

  static LocalDateTime date(double seconds) {
    long whole = (long) Math.floor(seconds);
    return LocalDateTime.ofEpochSecond(
        whole, (int) Math.round((seconds - whole) * 1e9), ZoneOffset.UTC);
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
    LocalDateTime date = date(time);
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

  /**
   * What lies between a time and the next of a series.
   *
   * @param months of the calendar; 0 if it is an amount
   * @param amount seconds, or the difference of numbers
   */
  public record Step(int months, double amount) implements Serializable {
    /** The step from one time to another. */
    static Step between(double from, double to, boolean dates) {
      double amount = to - from;
      if (dates && amount >= 28 * 86400.0 && from == Math.rint(from) && to == Math.rint(to)) {
        LocalDateTime first = date(from);
        LocalDateTime second = date(to);
        int months =
            (second.getYear() - first.getYear()) * 12
                + second.getMonthValue()
                - first.getMonthValue();
        var step = new Step(months, 0);
        if (months > 0 && step.next(from) == to) {
          return step;
        }
      }
      return new Step(0, amount);
    }

    /** The time after {@code time}; the end of a month comes after the end of a month. */
    double next(double time) {
      if (months == 0) {
        return time + amount;
      }
      LocalDateTime date = date(time);
      LocalDateTime next = date.plusMonths(months);
      boolean end = date.getDayOfMonth() == date.toLocalDate().lengthOfMonth();
      return SeriesTime.seconds(
          end ? next.withDayOfMonth(next.toLocalDate().lengthOfMonth()) : next);
    }

    boolean leads(double from, double to) {
      return months == 0 ? Math.abs(to - from - amount) <= 1e-6 * amount : next(from) == to;
    }

    /** In words, such as {@code 1 h}. */
    String described(boolean dates) {
      if (months > 0) {
        return months % 12 == 0 ? months / 12 + " year(s)" : months + " month(s)";
      }
      return dates ? inWords(amount) : Double.toString(amount);
    }

    private static String inWords(double amount) {
      if (amount % 86400 == 0) {
        return (long) (amount / 86400) + " d";
      }
      if (amount % 3600 == 0) {
        return (long) (amount / 3600) + " h";
      }
      return amount % 60 == 0 ? (long) (amount / 60) + " min" : amount + " s";
    }
  }
}
