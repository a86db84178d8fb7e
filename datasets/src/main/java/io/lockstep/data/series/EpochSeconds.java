package io.lockstep.data.series;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Dates as seconds since 1970 and back; dates without a zone are taken for UTC. */
public final class EpochSeconds {
  private EpochSeconds() {}

  /** Seconds since 1970 of a date, with fractions. */
  public static double of(LocalDateTime date) {
    Instant instant = date.toInstant(ZoneOffset.UTC);
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }

  /** The date that {@code seconds} since 1970 are, to the nanosecond. */
  public static LocalDateTime date(double seconds) {
    long whole = (long) Math.floor(seconds);
    return LocalDateTime.ofEpochSecond(
        whole, (int) Math.round((seconds - whole) * 1e9), ZoneOffset.UTC);
  }
}
