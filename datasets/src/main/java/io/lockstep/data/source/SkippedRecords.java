package io.lockstep.data.source;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Records that were left out: how many for which reason, and where the first of them are. The same
 * wherever a source is cut.
 *
 * @param counts of each fault that there is, all above 0
 * @param first places of the first of them, in the order of the source, at most {@link #SHOWN}
 */
public record SkippedRecords(SortedMap<Fault, Long> counts, List<Place> first)
    implements Serializable {
  /** As many places are remembered. */
  public static final int SHOWN = 10;

  /** None were left out. */
  public static final SkippedRecords NONE = new SkippedRecords(new TreeMap<>(), List.of());

  private static final int LONGEST_MESSAGE = 200;

  public SkippedRecords {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    first = List.copyOf(first);
  }

  /**
   * Where a record is, and what is wrong with it.
   *
   * @param file that it is in, as messages name it. In the report of a split: its name within the
   *     split, empty if the split is of one file
   * @param line on which it begins, from 1, within the file (in the report of a split: within the
   *     split); 0 if it is a file of its own
   * @param fault that it has
   * @param message what is wrong, a sentence or two
   */
  public record Place(String file, long line, Fault fault, String message) implements Serializable {
    public Place {
      message =
          message.length() <= LONGEST_MESSAGE
              ? message
              : message.substring(0, message.offsetByCodePoints(0, LONGEST_MESSAGE / 2)) + "...";
    }

    /** File and line: {@code sms.tsv line 17}. */
    public String where() {
      return line == 0 ? file : String.format(Locale.ROOT, "%s line %,d", file, line);
    }

    private Place in(SourceSplit split, long linesBefore) {
      return new Place(
          file.isEmpty() ? split.file() : split.file() + "/" + file,
          line == 0 ? 0 : linesBefore + line,
          fault,
          message);
    }
  }

  /** Counts records as they come. Not thread-safe. */
  public static final class Tally {
    private final SortedMap<Fault, Long> counts = new TreeMap<>();
    private final List<Place> first = new ArrayList<>();

    /** Counts a record. */
    public void add(Place place) {
      counts.merge(place.fault(), 1L, Long::sum);
      if (first.size() < SHOWN) {
        first.add(place);
      }
    }

    /** Counts those of a split that follows the ones before. */
    private void add(SkippedRecords records, SourceSplit split, long linesBefore) {
      records.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
      records.first.stream()
          .limit(SHOWN - first.size())
          .forEach(place -> first.add(place.in(split, linesBefore)));
    }

    /** What was counted so far. */
    public SkippedRecords counted() {
      return first.isEmpty() ? NONE : new SkippedRecords(counts, first);
    }
  }

  /** Those of a source, put together from what its splits reported. */
  public static SkippedRecords of(SourceLayout layout, List<SplitReport> reports) {
    var all = new Tally();
    long lines = 0;
    for (int i = 0; i < reports.size(); i++) {
      SourceSplit split = layout.splits().get(i);
      lines = split.from() == 0 ? 0 : lines;
      all.add(reports.get(i).skipped(), split, lines);
      lines += reports.get(i).lines();
    }
    return all.counted();
  }

  /** How many there are. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many there are of which kind, the most frequent first: {@code 9 empty, 3 too long}. */
  public String kinds() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<Fault, Long>comparingByValue(Comparator.reverseOrder()))
        .map(it -> String.format(Locale.ROOT, "%,d %s", it.getValue(), it.getKey().text()))
        .collect(Collectors.joining(", "));
  }

  /**
   * All of it in a sentence: {@code 12 of 5,574 texts skipped: 9 empty, 3 too long (first: sms.tsv
   * line 17)}.
   *
   * @param kept how many were not left out
   * @param what they are, such as {@code texts}
   */
  public String sentence(long kept, String what) {
    return String.format(Locale.ROOT, "%,d of %,d %s", total(), kept + total(), said(what));
  }

  /** The same where what is kept is not counted alike: {@code 3 lines skipped: ...}. */
  public String sentence(String what) {
    return String.format(Locale.ROOT, "%,d %s", total(), said(what));
  }

  private String said(String what) {
    return "%s skipped: %s (first: %s)".formatted(what, kinds(), first.get(0).where());
  }

  /** All of it for files. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("records", total());
    ObjectNode kinds = json.putObject("kinds");
    counts.forEach((fault, count) -> kinds.put(fault.word(), count));
    ArrayNode places = json.putArray("first");
    for (Place place : first) {
      ObjectNode each = places.addObject().put("file", place.file());
      if (place.line() > 0) {
        each.put("line", place.line());
      }
      each.put("kind", place.fault().word()).put("message", place.message());
    }
    return json;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(counts.size());
    for (Map.Entry<Fault, Long> count : counts.entrySet()) {
      out.writeUTF(count.getKey().word());
      out.writeLong(count.getValue());
    }
    out.writeInt(first.size());
    for (Place place : first) {
      out.writeUTF(place.file());
      out.writeLong(place.line());
      out.writeUTF(place.fault().word());
      out.writeUTF(place.message());
    }
  }

  static SkippedRecords readFrom(DataInputStream in) throws IOException {
    SortedMap<Fault, Long> counts = new TreeMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      counts.put(Fault.of(in.readUTF()), in.readLong());
    }
    List<Place> first = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      first.add(new Place(in.readUTF(), in.readLong(), Fault.of(in.readUTF()), in.readUTF()));
    }
    return new SkippedRecords(counts, first);
  }
}
