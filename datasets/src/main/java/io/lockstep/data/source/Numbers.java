package io.lockstep.data.source;

import java.math.BigDecimal;
import java.util.Collection;

/** Decimal numbers as tables have them. */
final class Numbers {
  private Numbers() {}

  /** Decimal numbers only; Java would also take {@code 1f}, {@code 0x1p3} and {@code NaN}. */
  static boolean isNumber(String text) {
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
  static String shortest(String number) {
    BigDecimal value = new BigDecimal(number);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** What a text that is no number seems to be meant as, and what to do. */
  static String remedy(String text) {
    if (text.matches("[-+]?\\d{1,3}(,\\d{3})+(\\.\\d+)?")) {
      return "Write numbers without commas between the thousands.";
    }
    if (text.matches("[-+]?\\d+,\\d+")) {
      return "Decimals are written with a point.";
    }
    return "Mend the value, or choose the feature columns with features: [...].";
  }
}
