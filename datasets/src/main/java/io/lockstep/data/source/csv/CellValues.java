package io.lockstep.data.source.csv;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** What a typed cell is worth as a number and as a word. */
final class CellValues {
  private CellValues() {}

  /**
   * A number, 1 or 0 for yes or no, days since 1970 of a date, seconds since 1970 of a time; NaN if
   * it is none of these.
   */
  static double number(Object cell) {
    if (cell instanceof Number number) {
      return number.doubleValue();
    }
    if (cell instanceof Boolean yes) {
      return yes ? 1 : 0;
    }
    if (cell instanceof LocalDate date) {
      return date.toEpochDay();
    }
    if (cell instanceof Date date) {
      return date.toLocalDate().toEpochDay();
    }
    if (cell instanceof Timestamp time) {
      return seconds(time.toInstant());
    }
    if (cell instanceof Instant time) {
      return seconds(time);
    }
    return cell instanceof LocalDateTime time
        ? seconds(time.toInstant(ZoneOffset.UTC))
        : Double.NaN;
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }

  /** The cell as text; empty if it is null or an array. */
  static String word(Object cell) {
    if (cell == null || cell instanceof double[]) {
      return "";
    }
    return cell instanceof BigDecimal number ? number.toPlainString() : String.valueOf(cell);
  }
}
