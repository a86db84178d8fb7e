package io.lockstep.data.normalize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a column becomes features: a pure function of its raw value. Immutable. */
public sealed interface ColumnEncoding extends Serializable {
  /** What was to be made of it. */
  Column column();

  /** Number of features. */
  int width();

  /** Names of the features. */
  List<String> names();

  /**
   * Encodes a raw value.
   *
   * @param raw NaN for one that is missing
   * @param to zeros, which receive {@link #width} values from {@code at} on
   */
  void encode(double raw, float[] to, int at);

  /** The same where words have the ids of {@code dictionary}. */
  ColumnEncoding over(List<String> dictionary);

  /** Writes what was learned. */
  void writeTo(ObjectNode json);

  private static List<String> withIndicator(Column column, List<String> names) {
    List<String> all = new ArrayList<>(names);
    if (column.gap().indicator()) {
      all.add(column.name() + " is missing");
    }
    return all;
  }

  /**
   * Of numbers.
   *
   * @param fill in place of what is missing; NaN for nothing
   * @param smallest number in training, below which no logarithm is taken
   * @param shift that is subtracted
   * @param factor that is divided by
   */
  record OfNumber(Column column, double fill, double smallest, double shift, double factor)
      implements ColumnEncoding {
    @Override
    public int width() {
      return column.gap().indicator() ? 2 : 1;
    }

    @Override
    public List<String> names() {
      return withIndicator(column, List.of(column.name()));
    }

    @Override
    public void encode(double raw, float[] to, int at) {
      boolean missing = Double.isNaN(raw);
      var number = (Column.Numbers) column.content();
      double value = number.clipped(missing ? fill : raw);
      if (number.log()) {
        value = Math.log1p(Math.max(value, smallest));
      }
      to[at] = (float) ((value - shift) / factor);
      if (column.gap().indicator()) {
        to[at + 1] = missing ? 1 : 0;
      }
    }

    @Override
    public ColumnEncoding over(List<String> dictionary) {
      return this;
    }

    @Override
    public void writeTo(ObjectNode json) {
      if (!Double.isNaN(fill)) {
        json.put("fill", fill);
      }
      json.put("smallest", smallest).put("shift", shift).put("factor", factor);
    }
  }

  /**
   * Of dates: the time that has passed; the time of the year as a point on a circle, so that
   * December lies beside January; a feature for each day of the week, of which one is 1; and, if
   * training had times of day, the time of the day as a point on a circle.
   *
   * @param fill seconds since 1970 in place of what is missing; NaN for nothing
   * @param clock whether there are times of day
   * @param shift in seconds, that is subtracted
   * @param factor in seconds, that is divided by
   */
  record OfDate(Column column, double fill, boolean clock, double shift, double factor)
      implements ColumnEncoding {
    private static final double DAY = 86_400;

    @Override
    public int width() {
      return 10 + (clock ? 2 : 0) + (column.gap().indicator() ? 1 : 0);
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>();
      String name = column.name();
      names.add(name);
      names.add(name + " in the year, sine");
      names.add(name + " in the year, cosine");
      for (DayOfWeek day : DayOfWeek.values()) {
        String rest = day.name().substring(1).toLowerCase(Locale.ROOT);
        names.add(name + " on " + day.name().charAt(0) + rest);
      }
      if (clock) {
        names.add(name + " in the day, sine");
        names.add(name + " in the day, cosine");
      }
      return withIndicator(column, names);
    }

    @Override
    public void encode(double raw, float[] to, int at) {
      boolean missing = Double.isNaN(raw);
      double seconds = missing ? fill : raw;
      long day = (long) Math.floor(seconds / DAY);
      double ofDay = seconds / DAY - day;
      LocalDate date = LocalDate.ofEpochDay(day);
      to[at] = (float) ((seconds - shift) / factor);
      circle((date.getDayOfYear() - 1 + ofDay) / date.lengthOfYear(), to, at + 1);
      to[at + 2 + date.getDayOfWeek().getValue()] = 1; // Monday is 1
      if (clock) {
        circle(ofDay, to, at + 10);
      }
      if (column.gap().indicator()) {
        to[at + width() - 1] = missing ? 1 : 0;
      }
    }

    /** StrictMath, since its bits are the same on all machines. */
    private static void circle(double share, float[] to, int at) {
      to[at] = (float) StrictMath.sin(2 * Math.PI * share);
      to[at + 1] = (float) StrictMath.cos(2 * Math.PI * share);
    }

    @Override
    public ColumnEncoding over(List<String> dictionary) {
      return this;
    }

    @Override
    public void writeTo(ObjectNode json) {
      if (!Double.isNaN(fill)) {
        json.put("fill", fill);
      }
      json.put("clock", clock).put("shift", shift).put("factor", factor);
    }
  }

  /**
   * Of words: a feature for each that is kept, one for all others if training had such, and one for
   * what is missing if that is a category of its own and training had it. The feature of a row's
   * word is 1, the rest are 0.
   *
   * @param words that are kept
   * @param other whether all others have a feature
   * @param own whether what is missing has one
   * @param fill word in place of what is missing; empty for none
   * @param slots feature of each id, -1 for none; empty where ids are places among the words
   */
  record OfWords(
      Column column,
      List<String> words,
      boolean other,
      boolean own,
      String fill,
      List<Integer> slots)
      implements ColumnEncoding {
    public OfWords {
      words = List.copyOf(words);
      slots = List.copyOf(slots);
    }

    @Override
    public int width() {
      return words.size() + (other ? 1 : 0) + (own ? 1 : 0) + (column.gap().indicator() ? 1 : 0);
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>();
      words.forEach(word -> names.add(column.name() + "=" + word));
      if (other) {
        names.add(column.name() + " is another");
      }
      if (own) {
        names.add(column.name() + " is missing");
      }
      return withIndicator(column, names);
    }

    @Override
    public void encode(double raw, float[] to, int at) {
      boolean missing = Double.isNaN(raw);
      int slot = missing ? gap() : slot((int) raw);
      if (slot >= 0) {
        to[at + slot] = 1;
      }
      if (column.gap().indicator()) {
        to[at + width() - 1] = missing ? 1 : 0;
      }
    }

    private int another() {
      return other ? words.size() : -1;
    }

    private int gap() {
      if (own) {
        return words.size() + (other ? 1 : 0);
      }
      int filled = fill.isEmpty() ? -1 : words.indexOf(fill);
      return filled >= 0 ? filled : another();
    }

    private int slot(int id) {
      int known = slots.isEmpty() ? words.size() : slots.size();
      if (id < 0 || id >= known) {
        return another();
      }
      return slots.isEmpty() ? id : slots.get(id);
    }

    @Override
    public ColumnEncoding over(List<String> dictionary) {
      Map<String, Integer> places = new HashMap<>();
      words.forEach(word -> places.put(word, places.size()));
      List<Integer> found =
          dictionary.stream().map(word -> places.getOrDefault(word, another())).toList();
      return new OfWords(column, words, other, own, fill, found);
    }

    @Override
    public void writeTo(ObjectNode json) {
      ArrayNode kept = json.putArray("words");
      words.forEach(kept::add);
      json.put("other", other).put("own", own);
      if (!fill.isEmpty()) {
        json.put("fill", fill);
      }
    }
  }
}
