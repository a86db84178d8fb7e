package io.lockstep.score;

/**
 * A row as a line of CSV, as RFC 4180 and every reader have it: quotes where a value holds a comma,
 * a quote, a line break, or blanks at an edge; nothing where there is no value.
 */
public final class CsvLine {
  private CsvLine() {}

  /** The line, without its end. */
  public static String of(Object[] row) {
    var line = new StringBuilder(16 * row.length);
    append(row, line);
    return line.toString();
  }

  /** Appends the line, without its end. */
  public static void append(Object[] row, StringBuilder to) {
    for (int i = 0; i < row.length; i++) {
      if (i > 0) {
        to.append(',');
      }
      add(row[i], to);
    }
  }

  private static void add(Object value, StringBuilder to) {
    if (value instanceof Float number) {
      to.append(number.floatValue());
    } else if (value instanceof Double number) {
      to.append(number.doubleValue());
    } else if (value != null) {
      String text = value.toString();
      if (isPlain(text)) {
        to.append(text);
      } else {
        to.append('"').append(text.replace("\"", "\"\"")).append('"');
      }
    }
  }

  private static boolean isPlain(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c <= ',' && (c == ',' || c == '"' || c == '\n' || c == '\r')) { // mostly one comparison
        return false;
      }
    }
    return length == 0 || (text.charAt(0) > ' ' && text.charAt(length - 1) > ' ');
  }
}
