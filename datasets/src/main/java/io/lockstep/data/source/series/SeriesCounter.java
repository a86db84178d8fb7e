package io.lockstep.data.source.series;

import io.lockstep.data.block.Block;
import io.lockstep.data.series.SeriesPart;
import io.lockstep.data.series.SeriesReport;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts the rows of each series in a split; the first of two readings. Not thread-safe. */
final class SeriesCounter implements SplitReader {
  private static final String NOTHING = "0".repeat(64);

  private final SeriesRows rows;
  private final double until;
  private final BytesRead bytes = new BytesRead();
  private final Map<String, long[]> counts = new LinkedHashMap<>();
  private boolean alternating;

  /**
   * @param until time from which on rows are no longer used, infinite for none
   */
  SeriesCounter(SeriesRows rows, double until) {
    this.rows = rows;
    this.until = until;
  }

  @Override
  public Optional<Block> next() {
    String last = null;
    long[] count = null;
    while (rows.next()) {
      String name = rows.series();
      if (!name.equals(last)) {
        alternating |= counts.containsKey(name);
        count = counts.computeIfAbsent(name, it -> new long[2]);
        last = name;
      }
      count[0]++;
      count[1] += until == Double.POSITIVE_INFINITY || rows.time() < until ? 1 : 0;
    }
    return Optional.empty();
  }

  @Override
  public SplitReport report() {
    List<SeriesPart> parts = new ArrayList<>();
    counts.forEach(
        (name, count) -> parts.add(new SeriesPart(name, count[0], count[1], new double[0], 0)));
    return new SplitReport(
            0,
            rows.lines(),
            0,
            List.of(),
            Range.NONE,
            Range.NONE,
            NOTHING,
            bytes.since(),
            rows.openQuote() == 0 ? OptionalLong.empty() : OptionalLong.of(rows.openQuote()),
            rows.problems())
        .with(new SeriesReport(0, 0, 0, alternating, parts));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
