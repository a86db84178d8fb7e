package io.lockstep.data.normalize;

import io.lockstep.data.InputException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What is learned of a column, value by value: of numbers their moments, range and, where it is
 * asked for, a sketch; of words their counts. Merged in a fixed order, since that decides the last
 * bits of moments. Not thread-safe.
 */
public sealed interface ColumnStatistics {
  /** Adds a raw value; NaN for one that is missing. */
  void add(double raw);

  /** Adds what {@code later} collected. */
  void merge(ColumnStatistics later);

  /** How the column becomes features. */
  ColumnEncoding finish();

  /** Writes the state. */
  void writeTo(DataOutput out) throws IOException;

  /** Reads what {@link #writeTo} wrote into this one, which is empty. */
  void readFrom(DataInput in) throws IOException;

  /**
   * Nothing yet.
   *
   * @param dictionary words by their ids; empty for numbers
   */
  static ColumnStatistics of(Column column, List<String> dictionary) {
    if (column.content() instanceof Column.Dates dates) {
      return new OfDates(
          column, dates, new OfNumbers(column, new Column.Numbers(dates.scale(), false)));
    }
    return column.content() instanceof Column.Words words
        ? new OfWords(column, words, dictionary, new long[dictionary.size()])
        : new OfNumbers(column, (Column.Numbers) column.content());
  }

  /** Mean and squares by Chan, Golub and LeVeque, as {@link Standardization.Fit} has them. */
  final class Moments {
    private long count;
    private double mean;
    private double squares;

    void add(double value) {
      count++;
      double delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
    }

    void merge(Moments later) {
      if (later.count > 0) {
        double total = (double) count + later.count;
        double delta = later.mean - mean;
        mean += delta * (later.count / total);
        squares += later.squares + delta * delta * (count * (later.count / total));
        count += later.count;
      }
    }

    double deviation() {
      double spread = Math.sqrt(squares / count);
      return spread <= 1e-12 * Math.abs(mean) || spread == 0 ? 1 : spread;
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeLong(count);
      out.writeDouble(mean);
      out.writeDouble(squares);
    }

    void readFrom(DataInput in) throws IOException {
      count = in.readLong();
      mean = in.readDouble();
      squares = in.readDouble();
    }
  }

  /** Of numbers. */
  final class OfNumbers implements ColumnStatistics {
    private final Column column;
    private final Column.Numbers number;
    private final boolean sketched;
    private final Moments plain = new Moments();
    private final Moments logs = new Moments();
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private ValueSketch values = new ValueSketch();

    OfNumbers(Column column, Column.Numbers number) {
      this.column = column;
      this.number = number;
      Column.Missing missing = column.gap().missing();
      sketched = missing == Column.Missing.MEDIAN || missing == Column.Missing.MOST_FREQUENT;
    }

    @Override
    public void add(double raw) {
      if (Double.isNaN(raw)) {
        return;
      }
      double value = number.clipped(raw);
      plain.add(value);
      if (number.log()) {
        logs.add(Math.log1p(value));
      }
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      if (sketched) {
        values.add(value);
      }
    }

    @Override
    public void merge(ColumnStatistics later) {
      OfNumbers other = (OfNumbers) later;
      plain.merge(other.plain);
      logs.merge(other.logs);
      smallest = Math.min(smallest, other.smallest);
      largest = Math.max(largest, other.largest);
      values.merge(other.values);
    }

    @Override
    public ColumnEncoding finish() {
      if (plain.count == 0) {
        throw new InputException(
            "column '%s' has no value in any example that is trained. Leave it out with exclude."
                .formatted(column.name()));
      }
      if (number.log() && smallest <= -1) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "data.columns: column '%s' reaches down to %s, but log takes the logarithm of 1 +"
                    + " value. Leave log out, or clip what is too small: clip: [0, ...].",
                column.name(),
                smallest));
      }
      double fill =
          switch (column.gap().missing()) {
            case MEAN -> plain.mean;
            case MEDIAN -> values.median();
            case MOST_FREQUENT -> values.mostFrequent();
            case CONSTANT -> Double.parseDouble(column.gap().constant());
            default -> Double.NaN;
          };
      Moments seen = number.log() ? logs : plain;
      double low = number.log() ? Math.log1p(smallest) : smallest;
      double high = number.log() ? Math.log1p(largest) : largest;
      return switch (number.scale()) {
        case NONE -> new ColumnEncoding.OfNumber(column, fill, smallest, 0, 1);
        case STANDARDIZE ->
            new ColumnEncoding.OfNumber(column, fill, smallest, seen.mean, seen.deviation());
        case MIN_MAX ->
            new ColumnEncoding.OfNumber(
                column, fill, smallest, low, high - low > 0 ? high - low : 1);
      };
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      plain.writeTo(out);
      logs.writeTo(out);
      out.writeDouble(smallest);
      out.writeDouble(largest);
      values.writeTo(out);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
      plain.readFrom(in);
      logs.readFrom(in);
      smallest = in.readDouble();
      largest = in.readDouble();
      values = ValueSketch.readFrom(in);
    }
  }

  /** Of dates: those of their seconds, and whether one has a time of day. */
  final class OfDates implements ColumnStatistics {
    private static final double DAY = 86_400;

    private final Column column;
    private final Column.Dates dates;
    private final OfNumbers seconds;
    private boolean clock;

    OfDates(Column column, Column.Dates dates, OfNumbers seconds) {
      this.column = column;
      this.dates = dates;
      this.seconds = seconds;
    }

    @Override
    public void add(double raw) {
      seconds.add(raw);
      clock |= !Double.isNaN(raw) && raw % DAY != 0;
    }

    @Override
    public void merge(ColumnStatistics later) {
      OfDates other = (OfDates) later;
      seconds.merge(other.seconds);
      clock |= other.clock;
    }

    @Override
    public ColumnEncoding finish() {
      var found = (ColumnEncoding.OfNumber) seconds.finish();
      boolean days = dates.scale() == Column.Scale.NONE;
      return new ColumnEncoding.OfDate(
          column, found.fill(), clock, found.shift(), days ? DAY : found.factor());
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      seconds.writeTo(out);
      out.writeBoolean(clock);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
      seconds.readFrom(in);
      clock = in.readBoolean();
    }
  }

  /** Of words. */
  final class OfWords implements ColumnStatistics {
    private final Column column;
    private final Column.Words words;
    private final List<String> dictionary;
    private final long[] counts;
    private long missing;

    OfWords(Column column, Column.Words words, List<String> dictionary, long[] counts) {
      this.column = column;
      this.words = words;
      this.dictionary = dictionary;
      this.counts = counts;
    }

    @Override
    public void add(double raw) {
      if (Double.isNaN(raw)) {
        missing++;
      } else {
        counts[(int) raw]++;
      }
    }

    @Override
    public void merge(ColumnStatistics later) {
      OfWords other = (OfWords) later;
      for (int id = 0; id < counts.length; id++) {
        counts[id] += other.counts[id];
      }
      missing += other.missing;
    }

    @Override
    public ColumnEncoding finish() {
      List<Integer> seen = new ArrayList<>();
      for (int id = 0; id < counts.length; id++) {
        if (counts[id] > 0) {
          seen.add(id);
        }
      }
      List<Integer> kept =
          seen.stream()
              .filter(id -> counts[id] >= words.minCount())
              .sorted(Comparator.comparingLong((Integer id) -> -counts[id]))
              .limit(words.most())
              .toList();
      String filled =
          switch (column.gap().missing()) {
            case MOST_FREQUENT -> kept.isEmpty() ? "" : dictionary.get(kept.get(0));
            case CONSTANT -> column.gap().constant();
            default -> "";
          };
      return new ColumnEncoding.OfWords(
          column,
          kept.stream().sorted().map(dictionary::get).toList(),
          seen.size() > kept.size(),
          column.gap().missing() == Column.Missing.CATEGORY && missing > 0,
          filled,
          List.of());
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
      out.writeInt(counts.length);
      for (long count : counts) {
        out.writeLong(count);
      }
      out.writeLong(missing);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
      int size = in.readInt();
      if (size != counts.length) {
        throw new IOException("counts of " + size + " words, expected " + counts.length);
      }
      for (int id = 0; id < size; id++) {
        counts[id] = in.readLong();
      }
      missing = in.readLong();
    }
  }
}
