package io.lockstep.data.source;

import java.util.Arrays;

/**
 * What may be wrong with one record and with it alone. What is wrong with a file as a whole is none
 * of these: another header, a quote that is never closed, a packed file that is cut short.
 */
public enum Fault {
  /** There is nothing to learn from. */
  EMPTY("empty", "empty"),
  /** Its bytes are no characters in the encoding of the file. */
  NOT_TEXT("notText", "not valid text"),
  /** What is to be learnt of it is not said. */
  NO_LABEL("noLabel", "without a label"),
  /** It is of a class that is not among those that are known. */
  UNKNOWN_CLASS("unknownClass", "of an unknown class"),
  /** It is longer than it may be. */
  TOO_LONG("tooLong", "too long"),
  /** It has no number where one must be. */
  NO_NUMBER("noNumber", "without a number where one must be"),
  /** It lacks a value without which it is to be left out. */
  MISSING("missing", "with a missing value"),
  /** It has more values than there are columns, or fewer. */
  COLUMNS("columns", "with too few or too many values"),
  /** Something follows a quote that ends a value. */
  QUOTES("quotes", "with quotes that do not match"),
  /** It is a file of its own that is cut short or damaged. */
  DAMAGED("damaged", "damaged");

  private final String word;
  private final String text;

  Fault(String word, String text) {
    this.word = word;
    this.text = text;
  }

  /** As files have it. */
  public String word() {
    return word;
  }

  static Fault of(String word) {
    return Arrays.stream(values())
        .filter(fault -> fault.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a fault '" + word + "'"));
  }

  /** As a sentence has it after a number. */
  public String text() {
    return text;
  }
}
