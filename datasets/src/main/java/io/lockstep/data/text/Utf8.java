package io.lockstep.data.text;

/** Single characters in UTF-8 that is known to be right. */
final class Utf8 {
  private Utf8() {}

  /** The code point of the bytes {@code from} to {@code to - 1}. */
  static int codePoint(byte[] text, int from, int to) {
    int first = text[from];
    return switch (to - from) {
      case 1 -> first;
      case 2 -> (first & 0x1F) << 6 | rest(text[from + 1]);
      case 3 -> (first & 0x0F) << 12 | rest(text[from + 1]) << 6 | rest(text[from + 2]);
      default ->
          (first & 0x07) << 18
              | rest(text[from + 1]) << 12
              | rest(text[from + 2]) << 6
              | rest(text[from + 3]);
    };
  }

  private static int rest(byte value) {
    return value & 0x3F;
  }

  /** Compares strings by code points, as their UTF-8 bytes would be compared. */
  static int compare(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // A surrogate stands for a character above all that are one unit.
        boolean high = Character.isSurrogate(a);
        return high == Character.isSurrogate(b) ? Character.compare(a, b) : high ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
