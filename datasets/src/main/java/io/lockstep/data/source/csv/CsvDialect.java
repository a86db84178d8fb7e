package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the values of a table are written down.
 *
 * @param delimiter between values, of one or several characters; {@link #BLANKS} for runs of blanks
 *     and tabs, which may also stand at both ends of a line
 * @param quote around values that hold a delimiter; empty for none
 * @param decimal mark of numbers, a point or a comma
 * @param thousands mark between groups of three digits; empty for none
 * @param comment what lines begin with that say nothing; empty for none
 * @param skip lines at the beginning of each file that are no part of the table
 * @param encoding name of it; empty for UTF-8, or UTF-16 where a byte order mark says so
 * @param missing how missing values are written; an empty value is missing in any case
 * @param ragged whether rows may have fewer values than there are columns, the others being
 *     missing, or end with delimiters more
 * @param aliases values that are written otherwise than they are meant, as whole words
 */
public record CsvDialect(
    String delimiter,
    String quote,
    char decimal,
    String thousands,
    String comment,
    int skip,
    String encoding,
    List<String> missing,
    boolean ragged,
    Map<String, String> aliases)
    implements Serializable {
  /** The delimiter of columns that are separated by blanks. */
  public static final String BLANKS = "";

  /** Commas, double quotes, decimal points: RFC 4180. */
  public static final CsvDialect PLAIN =
      new CsvDialect(",", "\"", '.', "", "", 0, "", List.of(), false, Map.of());

  /**
   * @throws InputException if its parts contradict each other
   */
  public CsvDialect {
    missing = List.copyOf(missing);
    aliases = Map.copyOf(aliases);
    if (delimiter.chars().anyMatch(each -> each == '"' || each == '\n' || each == '\r')
        || (!quote.isEmpty() && delimiter.contains(quote))) {
      throw new InputException("CSV: a quote or line end cannot be the delimiter.");
    }
    if (quote.length() > 1 || quote.chars().anyMatch(each -> each <= ' ' || each > '~')) {
      throw new InputException(
          "CSV: the quote is '%s', which is no single character of ASCII.".formatted(quote));
    }
    if (decimal != '.' && decimal != ',') {
      throw new InputException(
          "CSV: the decimal mark is '%s', which is neither a point nor a comma."
              .formatted(decimal));
    }
    if (String.valueOf(decimal).equals(delimiter) && decimal == ',') {
      throw new InputException(
          "CSV: the comma is both delimiter and decimal mark. Name the delimiter, such as"
              + " delimiter: ';'.");
    }
    if (thousands.length() > 1
        || thousands.equals(String.valueOf(decimal))
        || thousands.chars().anyMatch(each -> Character.isLetterOrDigit(each) || each == '-')) {
      throw new InputException(
          "CSV: '%s' cannot stand between thousands, beside the decimal mark '%s'."
              .formatted(thousands, decimal));
    }
    if (!encoding.isEmpty()) {
      new TextEncoding(encoding); // known
    }
  }

  /** With another delimiter, plain in all else. */
  public static CsvDialect of(char delimiter) {
    return PLAIN.withDelimiter(String.valueOf(delimiter));
  }

  /** The same with another delimiter. */
  public CsvDialect withDelimiter(String other) {
    return new CsvDialect(
        other, quote, decimal, thousands, comment, skip, encoding, missing, ragged, aliases);
  }

  /** The same with other ways to write what is missing. */
  public CsvDialect withMissing(List<String> markers) {
    return new CsvDialect(
        delimiter, quote, decimal, thousands, comment, skip, encoding, markers, ragged, aliases);
  }

  /** Whether runs of blanks separate values. */
  public boolean blanks() {
    return delimiter.equals(BLANKS);
  }

  /** Whether all but the delimiter is as RFC 4180 has it. */
  public boolean isPlain() {
    return equals(PLAIN.withDelimiter(delimiter));
  }

  /** The encoding that was said; empty if the files tell. */
  public Optional<TextEncoding> said() {
    return encoding.isEmpty() ? Optional.empty() : Optional.of(new TextEncoding(encoding));
  }

  /** Reads numbers. */
  NumberMarks numbers() {
    return new NumberMarks(decimal, thousands);
  }
}
