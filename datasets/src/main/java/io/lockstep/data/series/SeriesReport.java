package io.lockstep.data.series;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What reading a split of series found beside what all sources report.
 *
 * @param held examples that are held out, beside those that are trained
 * @param skipped rows that lack a value
 * @param gaps in time
 * @param alternating whether a series comes again after another
 * @param parts of series, in the order of their first rows
 */
public record SeriesReport(
    long held, long skipped, long gaps, boolean alternating, List<SeriesPart> parts) {
  /** Of a source that holds no series. */
  public static final SeriesReport NONE = new SeriesReport(0, 0, 0, false, List.of());

  public SeriesReport {
    parts = List.copyOf(parts);
  }

  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(held);
    out.writeLong(skipped);
    out.writeLong(gaps);
    out.writeBoolean(alternating);
    out.writeInt(parts.size());
    for (SeriesPart part : parts) {
      part.writeTo(out);
    }
  }

  public static SeriesReport readFrom(DataInput in) throws IOException {
    long held = in.readLong();
    long skipped = in.readLong();
    long gaps = in.readLong();
    boolean alternating = in.readBoolean();
    List<SeriesPart> parts = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      parts.add(SeriesPart.readFrom(in));
    }
    return new SeriesReport(held, skipped, gaps, alternating, parts);
  }
}
