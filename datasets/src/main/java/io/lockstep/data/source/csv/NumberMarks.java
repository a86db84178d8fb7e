package io.lockstep.data.source.csv;

import io.lockstep.data.source.Numbers;
import java.nio.charset.StandardCharsets;

/** Reads numbers whose decimals follow a comma, or whose thousands are marked. Not thread-safe. */
final class NumberMarks {
  private static final int GROUP = 3;

  private final boolean plain;
  private final byte decimal;
  private final byte[] thousands;
  private byte[] rewritten = new byte[64];

  NumberMarks(char decimal, String thousands) {
    this.decimal = (byte) decimal;
    this.thousands = thousands.getBytes(StandardCharsets.UTF_8);
    plain = decimal == '.' && thousands.isEmpty();
  }

  /** The number in {@code [start, end)} of some bytes; NaN if they are none. */
  double parse(byte[] bytes, int start, int end) {
    if (plain) {
      return Numbers.parse(bytes, start, end);
    }
    int length = rewrite(bytes, start, end);
    return length < 0 ? Double.NaN : Numbers.parse(rewritten, 0, length);
  }

  /** Writes the number with a point and without marks; its length, -1 if the marks are wrong. */
  private int rewrite(byte[] bytes, int start, int end) {
    if (rewritten.length < end - start) {
      rewritten = new byte[end - start];
    }
    int length = 0;
    int digits = 0; // since the last mark
    boolean grouped = false;
    boolean whole = true; // before the decimal mark
    for (int at = start; at < end; at++) {
      byte each = bytes[at];
      if (whole && isThousands(bytes, at, end)) {
        if (digits == 0 || digits > GROUP || (grouped && digits != GROUP)) {
          return -1;
        }
        grouped = true;
        digits = 0;
        at += thousands.length - 1;
        continue;
      }
      boolean digit = each >= '0' && each <= '9';
      boolean sign = length == 0 && (each == '-' || each == '+');
      if (whole && !digit && !sign) {
        whole = false;
        if (grouped && digits != GROUP) {
          return -1;
        }
      }
      digits += digit ? 1 : 0;
      if (each == '.' && decimal != '.') {
        return -1;
      }
      rewritten[length++] = each == decimal ? (byte) '.' : each;
    }
    return whole && grouped && digits != GROUP ? -1 : length;
  }

  private boolean isThousands(byte[] bytes, int at, int end) {
    if (thousands.length == 0 || at + thousands.length > end) {
      return false;
    }
    for (int i = 0; i < thousands.length; i++) {
      if (bytes[at + i] != thousands[i]) {
        return false;
      }
    }
    return true;
  }
}
