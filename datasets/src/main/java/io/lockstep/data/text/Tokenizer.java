package io.lockstep.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a string becomes tokens: in one normal form of Unicode, standardised, then cut.
 *
 * <p>The words are those of Keras' TextVectorization. Where that knows ASCII only, this means all
 * of Unicode: letters of every script are lowered, and besides Keras' 32 characters all that
 * Unicode calls punctuation is stripped. Immutable.
 *
 * @param unit what a token is
 * @param standardize what is done to the text before it is cut
 * @param unicode normal form, so that the same text is the same tokens however it was typed
 */
public record Tokenizer(Unit unit, Standardize standardize, Unicode unicode)
    implements Serializable {
  private static final boolean[] ASCII_PUNCTUATION = new boolean[0x80];

  static {
    "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'".chars().forEach(each -> ASCII_PUNCTUATION[each] = true);
  }

  /** What a token is. */
  public enum Unit {
    /** A code point, which may be two UTF-16 units. */
    CHARACTER,
    /** What stands between white space. */
    WORD
  }

  /** What is done to a text before it is cut. */
  public enum Standardize {
    /** Lowered, and without punctuation. */
    LOWER_AND_STRIP_PUNCTUATION,
    /** Lowered. */
    LOWER,
    /** Without punctuation. */
    STRIP_PUNCTUATION,
    /** Nothing. */
    NONE;

    boolean lowers() {
      return this == LOWER || this == LOWER_AND_STRIP_PUNCTUATION;
    }

    boolean strips() {
      return this == STRIP_PUNCTUATION || this == LOWER_AND_STRIP_PUNCTUATION;
    }
  }

  /** Normal forms of Unicode, as the JDK makes them. */
  public enum Unicode {
    /** Composed: an e and an accent are one character. */
    NFC(Normalizer.Form.NFC),
    /** Composed, and what only looks different is made the same: ligatures, full-width letters. */
    NFKC(Normalizer.Form.NFKC),
    /** As it is. */
    NONE(null);

    private final Normalizer.Form form;

    Unicode(Normalizer.Form form) {
      this.form = form;
    }

    String of(String text) {
      return form == null || Normalizer.isNormalized(text, form)
          ? text
          : Normalizer.normalize(text, form);
    }
  }

  /** Whether a code point is white space to Unicode. */
  public static boolean isSpace(int character) {
    return character == ' '
        || (character >= '\t' && character <= '\r')
        || character == 0x85
        || (character > 0x7F && Character.isSpaceChar(character));
  }

  private static boolean isPunctuation(int character) {
    if (character < 0x80) {
      return ASCII_PUNCTUATION[character];
    }
    return switch (Character.getType(character)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /**
   * The text in the form in which it is kept: standardised, and words with one blank between them.
   * What is standardised already stays as it is.
   */
  public String standardized(String text) {
    String standard = unicode.of(text);
    if (standardize.lowers()) {
      // Lowering can take a text out of its normal form.
      standard = unicode.of(standard.toLowerCase(Locale.ROOT));
    }
    if (standardize.strips()) {
      standard = stripped(standard);
    }
    return unit == Unit.WORD ? joined(standard) : standard;
  }

  private static String stripped(String text) {
    var kept = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      if (!isPunctuation(character)) {
        kept.appendCodePoint(character);
      }
    }
    return kept.toString();
  }

  private static String joined(String text) {
    var words = new StringBuilder(text.length());
    boolean between = false;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      if (isSpace(character)) {
        between = true;
        continue;
      }
      if (between && words.length() > 0) {
        words.append(' ');
      }
      between = false;
      words.appendCodePoint(character);
    }
    return words.toString();
  }

  /** The tokens of any text. */
  public List<String> tokens(String text) {
    byte[] bytes = standardized(text).getBytes(StandardCharsets.UTF_8);
    List<String> tokens = new ArrayList<>();
    for (int from = 0; from < bytes.length; from = next(bytes, from, bytes.length)) {
      tokens.add(
          new String(bytes, from, end(bytes, from, bytes.length) - from, StandardCharsets.UTF_8));
    }
    return tokens;
  }

  /** How many tokens a standardised text has. */
  public int count(String standardized) {
    if (unit == Unit.CHARACTER) {
      return standardized.codePointCount(0, standardized.length());
    }
    return standardized.isEmpty()
        ? 0
        : 1 + (int) standardized.chars().filter(character -> character == ' ').count();
  }

  /** The first {@code most} tokens of a standardised text; all of it if it has no more. */
  public String truncated(String standardized, int most) {
    if (standardized.length() <= most) {
      return standardized;
    }
    if (unit == Unit.CHARACTER) {
      return standardized.codePointCount(0, standardized.length()) <= most
          ? standardized
          : standardized.substring(0, standardized.offsetByCodePoints(0, most));
    }
    int at = -1;
    for (int words = 0; words < most; words++) {
      at = standardized.indexOf(' ', at + 1);
      if (at < 0) {
        return standardized;
      }
    }
    return standardized.substring(0, at);
  }

  /** Where the token ends that begins at {@code from} in the UTF-8 bytes of a standardised text. */
  int end(byte[] text, int from, int to) {
    if (unit == Unit.WORD) {
      int at = from;
      while (at < to && text[at] != ' ') {
        at++;
      }
      return at;
    }
    int first = text[from];
    int length = first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
    return Math.min(to, from + length);
  }

  /** Where the token after the one at {@code from} begins; {@code to} if there is none. */
  int next(byte[] text, int from, int to) {
    int end = end(text, from, to);
    return unit == Unit.WORD ? Math.min(to, end + 1) : end;
  }

  /** Returns all that {@link #fromJson} needs. */
  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("tokens", unit.name())
        .put("standardize", standardize.name())
        .put("unicode", unicode.name());
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws InputException if it is damaged
   */
  static Tokenizer fromJson(JsonNode json) {
    return new Tokenizer(
        constant(Unit.values(), json.path("tokens")),
        constant(Standardize.values(), json.path("standardize")),
        constant(Unicode.values(), json.path("unicode")));
  }

  private static <E extends Enum<E>> E constant(E[] values, JsonNode name) {
    return Arrays.stream(values)
        .filter(value -> value.name().equals(name.asText()))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "Text is prepared by %s, where %s are known: the file is damaged or from elsewhere."
                        .formatted(name, Arrays.toString(values))));
  }
}
