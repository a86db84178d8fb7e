package io.lockstep.data.series;

import java.io.Serializable;
import java.time.LocalDateTime;

/**
 * What lies between a time and the next of a series.
 *
 * @param months of the calendar; 0 if it is an amount
 * @param amount seconds, or the difference of numbers
 */
public record TimeStep(int months, double amount) implements Serializable {
  /** The step from one time to another. */
  public static TimeStep between(double from, double to, boolean dates) {
    double amount = to - from;
    if (dates && amount >= 28 * 86400.0 && from == Math.rint(from) && to == Math.rint(to)) {
      LocalDateTime first = EpochSeconds.date(from);
      LocalDateTime second = EpochSeconds.date(to);
      int months =
          (second.getYear() - first.getYear()) * 12
              + second.getMonthValue()
              - first.getMonthValue();
      var step = new TimeStep(months, 0);
      if (months > 0 && step.next(from) == to) {
        return step;
      }
    }
    return new TimeStep(0, amount);
  }

  /** The time after {@code time}; the end of a month comes after the end of a month. */
  public double next(double time) {
    if (months == 0) {
      return time + amount;
    }
    LocalDateTime date = EpochSeconds.date(time);
    LocalDateTime next = date.plusMonths(months);
    boolean end = date.getDayOfMonth() == date.toLocalDate().lengthOfMonth();
    return EpochSeconds.of(end ? next.withDayOfMonth(next.toLocalDate().lengthOfMonth()) : next);
  }

  public boolean leads(double from, double to) {
    return months == 0 ? Math.abs(to - from - amount) <= 1e-6 * amount : next(from) == to;
  }

  /** In words, such as {@code 1 h}. */
  public String described(boolean dates) {
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
