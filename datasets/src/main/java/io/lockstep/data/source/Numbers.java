package io.lockstep.data.source;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Decimal numbers as tables have them. */
public final class Numbers {
  private static final int MAX_ZEROS = 100;

  private Numbers() {}

  /** Decimal numbers only; Java would also take {@code 1f}, {@code 0x1p3} and {@code NaN}. */
  public static boolean isNumber(String text) {
    int at = 0;
    int end = text.length();
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int whole = digits(text, at);
    at += whole;
    int fraction = 0;
    if (at < end && text.charAt(at) == '.') {
      fraction = digits(text, at + 1);
      at += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      int exponent = digits(text, at);
      if (exponent == 0) {
        return false;
      }
      at += exponent;
    }
    return at == end;
  }

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Digits that a long holds whatever they are. */
  private static final int MOST_DIGITS = 18;

  /** Whole numbers up to this are exact as doubles. */
  private static final long EXACT = 1L << 53;

  /**
   * The decimal number in {@code [start, end)} of some bytes, rounded as {@link Double#parseDouble}
   * does; NaN if they are none, by the grammar of {@link #isNumber}.
   *
   * <p>Up to 2^53 a number's digits are exact as a double, and so are powers of ten up to 10^22;
   * then one division or multiplication rounds once, which is right (W. Clinger, "How to read
   * floating point numbers accurately", 1990). That is nearly all there is in tables; the rest goes
   * through the JDK.
   */
  public static double parse(byte[] bytes, int start, int end) {
    int at = start;
    boolean negative = at < end && bytes[at] == '-';
    if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
      at++;
    }
    long digits = 0;
    int first = at;
    for (int digit; at < end && (digit = bytes[at] - '0') >= 0 && digit <= 9; at++) {
      digits = 10 * digits + digit; // may overflow, and is not used then
    }
    int count = at - first;
    int exponent = 0;
    if (at < end && bytes[at] == '.') {
      int point = ++at;
      for (int digit; at < end && (digit = bytes[at] - '0') >= 0 && digit <= 9; at++) {
        digits = 10 * digits + digit;
      }
      exponent = point - at;
      count -= exponent;
    }
    if (count == 0) {
      return Double.NaN;
    }
    if (at < end || count > MOST_DIGITS || digits > EXACT || exponent < -22) {
      return parseSlowly(bytes, start, end);
    }
    double value = exponent == 0 ? digits : digits / POWERS[-exponent];
    return negative ? -value : value;
  }

  private static double parseSlowly(byte[] bytes, int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    return isNumber(text) ? Double.parseDouble(text) : Double.NaN;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  /** Whether all are numbers, and there are any. */
  static boolean areNumbers(Collection<String> texts) {
    return !texts.isEmpty() && texts.stream().allMatch(Numbers::isNumber);
  }

  /**
   * The shortest way to write a number: {@code 1.0}, {@code 01} and {@code 1} are all {@code 1}.
   */
  public static String shortest(String number) {
    try {
      BigDecimal value = new BigDecimal(number).stripTrailingZeros();
      if (value.signum() == 0) {
        return "0";
      }
      // Written out, 1e999999999 would fill the memory.
      return Math.abs((long) value.scale()) > MAX_ZEROS ? value.toString() : value.toPlainString();
    } catch (NumberFormatException e) {
      return number; // an exponent of more than 32 bits
    }
  }

  /**
   * What a text that is no number seems to be meant as, and what to do.
   *
   * @param label whether it stands where a label must be
   */
  public static String remedy(String text, boolean label) {
    if (text.matches("[-+]?\\d{1,3}(,\\d{3})+(\\.\\d+)?")) {
      return "Write numbers without commas between the thousands.";
    }
    if (text.matches("[-+]?\\d+,\\d+")) {
      return "Decimals are written with a point.";
    }
    return label
        ? "Mend the value; if the column holds classes, name it with label and not with targets."
        : "Mend the value, or say with features: [...] which columns are features, or with"
            + " data.columns: [{category: [...]}] which hold words.";
  }
}
