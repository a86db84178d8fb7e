package io.lockstep.data.source.csv;

import io.lockstep.data.source.Numbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The split's own ids of the words of a column, in the order of their appearance; or, where the
 * words are known, their places among these. Numbers that differ in how they are written only, such
 * as {@code 1}, {@code 1.0} and {@code 01}, are one word.
 */
final class WordIds {
  /** A column with more words than this, or a longer one, holds texts. */
  private static final int MOST = 100_000;

  private static final int LONGEST = 1000;

  /** The id of a word that is not known. */
  private static final int ANOTHER = -1;

  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final boolean known;

  private WordIds(boolean known) {
    this.known = known;
  }

  static WordIds found() {
    return new WordIds(false);
  }

  static WordIds known(List<String> words) {
    var ids = new WordIds(true);
    words.forEach(word -> ids.ids.put(word, ids.ids.size()));
    return ids;
  }

  /** The id of a word; -2 if it cannot have one, see {@link #problem}. */
  int id(String value) {
    String word = canonical(value);
    Integer id = ids.get(word);
    if (id != null) {
      return id;
    }
    if (known) {
      return ANOTHER;
    }
    if (ids.size() >= MOST || word.length() > LONGEST) {
      return ANOTHER - 1;
    }
    ids.put(word, ids.size());
    return ids.size() - 1;
  }

  /** What is wrong with a word that cannot have an id. */
  static String problem() {
    return String.format(
        Locale.ROOT,
        "more than %,d different words, or one of more than %,d characters: these are no"
            + " categories. Leave the column out with exclude.",
        MOST,
        LONGEST);
  }

  static String canonical(String word) {
    char first = word.isEmpty() ? ' ' : word.charAt(0);
    boolean number = first == '-' || first == '+' || first == '.' || Character.isDigit(first);
    return number && word.indexOf('e') < 0 && word.indexOf('E') < 0 && Numbers.isNumber(word)
        ? Numbers.shortest(word)
        : word;
  }

  List<String> names() {
    return List.copyOf(ids.keySet());
  }
}
