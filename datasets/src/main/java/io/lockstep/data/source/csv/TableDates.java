package io.lockstep.data.source.csv;

import io.lockstep.data.source.Times;
import java.time.format.DateTimeFormatter;

/**
 * The dates of a column. Not for numbers without a format: {@code 20240131} may be a date, and may
 * as well be seconds.
 *
 * @param format as the plan has it
 * @param formatter of it; null for ISO 8601
 */
record TableDates(String format, DateTimeFormatter formatter) {
  static TableDates of(String format) {
    return new TableDates(format, format.isEmpty() ? null : Times.formatter(format));
  }

  /** Seconds since 1970; NaN if it is no date. */
  double seconds(String text) {
    return formatter == null ? Times.parse(text) : Times.parse(text, formatter);
  }

  /** What is wrong with a value that is no date. */
  String problem(String value) {
    return format.isEmpty()
        ? "'%s' is not a date such as 2024-01-31 or 2024-01-31 12:30. Say how dates are written, such as format: dd.MM.yyyy, or mend the value."
            .formatted(value)
        : "'%s' is not a date as format: '%s' has it. Mend the value, or the format."
            .formatted(value, format);
  }
}
