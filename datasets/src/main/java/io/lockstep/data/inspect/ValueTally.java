package io.lockstep.data.inspect;

import io.lockstep.data.source.Numbers;
import io.lockstep.data.source.csv.MissingValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How often each value of a column occurs, while they are not too many. */
final class ValueTally {
  private static final int MOST = 20_000;
  private static final int FEW = 6;
  private static final int MOST_CLASSES = 50;
  private static final int MOST_WORDS = 1000;
  private static final Set<String> WORDS =
      Set.of("?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "-", "--", ".", "#N/A");

  /** Numbers that no measurement gives, where all others are 0 or more. */
  private static final Set<String> SENTINELS =
      Set.of("-1", "-9", "-99", "-200", "-999", "-9999", "-99999");

  private final char decimal;
  private final Map<String, Long> counts = new TreeMap<>();
  private boolean many;
  private boolean numbers = true; // apart from words for what is missing
  private boolean whole = true;
  private boolean ascending = true; // by 1
  private double last = Double.NaN;
  private double smallest = Double.POSITIVE_INFINITY; // of numbers but sentinels

  ValueTally(char decimal) {
    this.decimal = decimal;
  }

  void add(String value) {
    if (counts.containsKey(value) || counts.size() < MOST) {
      counts.merge(value, 1L, Long::sum);
    } else {
      many = true;
    }
    if (value.isEmpty() || WORDS.contains(value)) {
      return;
    }
    double number = number(value);
    if (Double.isNaN(number)) {
      numbers = false;
      ascending = false;
      return;
    }
    whole &= number == Math.rint(number);
    ascending &= Double.isNaN(last) || number == last + 1;
    last = number;
    if (!SENTINELS.contains(value)) {
      smallest = Math.min(smallest, number);
    }
  }

  private double number(String value) {
    String plain = decimal == '.' ? value : value.replace('.', ' ').replace(decimal, '.');
    return Numbers.isNumber(plain) ? Double.parseDouble(plain) : Double.NaN;
  }

  /** What seems to stand for a missing value. */
  Set<String> markers() {
    Set<String> found = new TreeSet<>();
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      boolean word = WORDS.contains(each.getKey()) && (numbers || each.getKey().equals("?"));
      boolean sentinel =
          numbers
              && smallest >= 0
              && SENTINELS.contains(each.getKey())
              && each.getValue() > 2
              && counts.size() > FEW
              && !each.getKey().equals("-1");
      if (word || sentinel) {
        found.add(each.getKey());
      }
    }
    return found;
  }

  ColumnGuess guess(String name, List<String> missing, long rows) {
    var gap = new MissingValues(missing);
    List<String> values = new ArrayList<>();
    long gaps = 0;
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      if (gap.contains(each.getKey(), number(each.getKey()))) {
        gaps += each.getValue();
      } else {
        values.add(each.getKey());
      }
    }
    int different = values.size();
    boolean repeats = different <= MOST_CLASSES && 4L * different <= rows;
    boolean classes = different > 1 && !many && repeats && (!numbers || (whole && different <= 20));
    return new ColumnGuess(
        name,
        kind(different, gaps > 0, rows),
        gaps,
        different,
        numbers ? smallest : Double.NaN,
        classes ? values : List.of());
  }

  private ColumnGuess.Kind kind(int different, boolean gaps, long rows) {
    if (different + (gaps ? 1 : 0) < 2) {
      return ColumnGuess.Kind.NOTHING;
    }
    if (numbers) {
      boolean id = ascending && different > FEW;
      boolean few = whole && !many && different > 2 && different <= FEW && rows > 50;
      return id
          ? ColumnGuess.Kind.NOTHING
          : few ? ColumnGuess.Kind.CATEGORY : ColumnGuess.Kind.NUMBER;
    }
    return !many && different <= MOST_WORDS && 3L * different <= 2 * rows
        ? ColumnGuess.Kind.CATEGORY
        : ColumnGuess.Kind.NOTHING;
  }
}
