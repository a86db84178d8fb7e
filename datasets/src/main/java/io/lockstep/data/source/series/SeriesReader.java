package io.lockstep.data.source.series;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.series.SeriesLayout.Span;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.series.SeriesPart;
import io.lockstep.data.series.SeriesReport;
import io.lockstep.data.series.TimeStep;
import io.lockstep.data.source.BytesRead;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the windows whose first row lies in a split, and as far into the rows after it as the last
 * of them reach. Of each series no more rows are held than a window has; where series do not
 * alternate, of one series only. Not thread-safe.
 */
final class SeriesReader implements SplitReader {
  private static final int BLOCK_BYTES = 4 << 20;
  private static final int MOST_EXAMPLES = 1 << 16;

  private final SeriesOptions options;
  private final SeriesColumns columns;
  private final SeriesLayout layout;
  private final SeriesLayout.Plan plan;
  private final Schema schema;
  private final SeriesRows rows;
  private final double from;
  private final double until;
  private final Map<String, Track> tracks = new LinkedHashMap<>();
  private final List<Seen> seen = new ArrayList<>();
  private final MessageDigest digest = Sha256.digest();
  private final BytesRead bytes = new BytesRead();

  private BlockBuilder builder;
  private Track current;
  private long row; // of the split, from 0
  private long ownLines;
  private long trained;
  private long held;
  private long skipped;
  private long gaps;
  private Range targets = Range.NONE;
  private Range features = Range.NONE;
  private boolean ended;

  SeriesReader(
      SeriesSource source,
      SeriesColumns columns,
      SeriesLayout layout,
      SeriesLayout.Plan plan,
      Schema schema,
      SeriesRows rows) {
    this.options = source.options();
    this.columns = columns;
    this.layout = layout;
    this.plan = plan;
    this.schema = schema;
    this.rows = rows;
    from = source.from();
    until = source.until();
    builder = new BlockBuilder(schema, 16);
  }

  /** A row that is held as long as a window may need it. */
  private static final class Row {
    private final double[] inputs;
    private final double[] targets;
    private double time;

    Row(int inputs, int targets) {
      this.inputs = new double[inputs];
      this.targets = new double[targets];
    }
  }

  /** What is to be told of a series. */
  private static final class Seen {
    private final String name;
    private final double[] errors;
    private long pairs;
    private long own; // rows of it in the split

    Seen(String name, int targets) {
      this.name = name;
      errors = new double[targets];
    }
  }

  /** What is remembered of a series. */
  private final class Track {
    private final Seen seen;
    private final int number; // within the split
    private final Span span;
    private final Row[] ring = new Row[options.length()];
    private long index; // of the next row in the series
    private long run; // rows up to the last one without a gap
    private double time = Double.NaN;

    Track(Seen seen, int number, Span span) {
      this.seen = seen;
      this.number = number;
      this.span = span;
      index = span.before();
      for (int i = 0; i < ring.length; i++) {
        ring[i] = new Row(columns.inputs().length, columns.targets().length);
      }
    }

    /** The row that is {@code back} rows before the last one. */
    Row back(int back) {
      return ring[(int) ((index - 1 - back) % ring.length)];
    }
  }

  @Override
  public Optional<Block> next() {
    while (!ended && builder.bytes() < BLOCK_BYTES && builder.size() < MOST_EXAMPLES) {
      ended = !read();
    }
    if (builder.size() == 0 || rows.hasProblem()) {
      return Optional.empty();
    }
    Block block = builder.build();
    builder = new BlockBuilder(schema, 16);
    block.update(digest);
    return Optional.of(block);
  }

  /** Reads a row; false if none is wanted any more. */
  private boolean read() {
    if (row >= plan.rows() && (current == null || row - plan.rows() >= options.length() - 1)) {
      return false;
    }
    if (row == plan.rows()) {
      ownLines = rows.lines();
    }
    if (!rows.next()) {
      return false;
    }
    String name = rows.series();
    if (current == null || !name.equals(current.seen.name)) {
      if (row >= plan.rows()) {
        return false;
      }
      current = track(name);
    }
    double time = rows.time();
    if (rows.hasProblem() || !isInOrder(time)) {
      return false;
    }
    add(time);
    row++;
    return !rows.hasProblem();
  }

  private Track track(String name) {
    if (!plan.alternating()) {
      tracks.clear(); // no row of another series comes again
    }
    Track known = tracks.get(name);
    if (known != null) {
      return known;
    }
    seen.add(new Seen(name, options.targets().size()));
    int number = seen.size() - 1;
    var begun = new Track(seen.get(number), number, plan.spans().get(name));
    tracks.put(name, begun);
    return begun;
  }

  private boolean isInOrder(double time) {
    double last = current.time;
    current.time = time;
    if (columns.time().length == 0 || Double.isNaN(last)) {
      return true;
    }
    if (time <= last) {
      rows.problem(
          rows.describeTime(),
          time == last
              ? "'%s' comes twice in a series%s.%s"
                  .formatted(
                      rows.timeText(),
                      named(),
                      columns.series() < 0
                          ? " If the table holds several series, name the column that tells them"
                              + " apart with series."
                          : " Remove one of the rows.")
              : "'%s' is earlier than the row before it%s. Sort the rows of a series by time%s."
                  .formatted(
                      rows.timeText(),
                      named(),
                      columns.series() < 0
                          ? ", or, if the table holds several series, name the column that tells"
                              + " them apart with series"
                          : ""));
      return false;
    }
    var step = layout.step();
    if (step.isPresent()
        && !step.get().leads(last, time)
        && options.table().gaps() != Gaps.IGNORE) {
      if (options.table().gaps() == Gaps.ERROR) {
        boolean dates = SeriesTime.of(options.table().timeFormat()).isDate(rows.timeText());
        rows.problem(
            rows.describeTime(),
            "'%s' is %s after the row before it%s, but the step is %s. If rows are out of order, sort them by time. With gaps: split no window reaches over a gap; with gaps: ignore the rows are neighbours."
                .formatted(
                    rows.timeText(),
                    new TimeStep(0, time - last).described(dates),
                    named(),
                    step.get().described(dates)));
        return false;
      }
      gaps += row < plan.rows() ? 1 : 0;
      current.run = 0;
    }
    return true;
  }

  private String named() {
    return columns.series() < 0 ? "" : " of series '" + current.seen.name + "'";
  }

  private void add(double time) {
    boolean own = row < plan.rows();
    Track track = current;
    Row kept = track.ring[(int) (track.index % track.ring.length)];
    rows.beginRow();
    read(columns.inputs(), kept.inputs);
    read(columns.targets(), kept.targets);
    kept.time = time;
    track.index++;
    track.seen.own += own ? 1 : 0;
    if (time >= until) {
      track.run = 0;
      return;
    }
    if (!rows.isComplete()) {
      track.run = 0;
      skipped += own ? 1 : 0;
      return;
    }
    track.run++;
    compare(track, kept);
    window(track);
    if (own) {
      for (double value : kept.targets) {
        targets = targets.with(value);
      }
      for (double value : kept.inputs) {
        features = features.with(value);
      }
    }
  }

  private void read(int[] wanted, double[] values) {
    for (int i = 0; i < wanted.length; i++) {
      values[i] = rows.number(wanted[i]);
      if (Double.isNaN(values[i]) && options.table().missing() == Missing.ERROR) {
        rows.missing(wanted[i]);
      }
    }
  }

  /** The naive one-step forecast of the row, if both rows are of the training part. */
  private void compare(Track track, Row last) {
    int season = options.season();
    boolean training =
        track.index <= track.span.trained() && (Double.isNaN(from) || last.time < from);
    if (!training || track.run <= season || (!plan.alternating() && row - season >= plan.rows())) {
      return;
    }
    Row before = track.back(season);
    for (int i = 0; i < track.seen.errors.length; i++) {
      track.seen.errors[i] += Math.abs(last.targets[i] - before.targets[i]);
    }
    track.seen.pairs++;
  }

  /** Adds the window that ends with the last row, if there is one. */
  private void window(Track track) {
    int length = options.length();
    long first = track.index - length;
    boolean own = plan.alternating() || row - length + 1 < plan.rows();
    if (track.run < length || first % options.stride() != 0 || !own) {
      return;
    }
    if (track.back(options.horizon() - 1).time < from) {
      return;
    }
    boolean training = track.index <= track.span.trained();
    if (!training && first + options.window() < track.span.trained()) {
      return; // its targets lie on both sides
    }
    builder.begin(training ? trained++ : -1 - held++);
    for (int step = 0; step < options.steps(); step++) {
      Row at = track.back(length - 1 - step);
      Row past = step < options.window() ? at : track.back(options.horizon());
      for (int i = 0; i < options.features().size(); i++) {
        builder.put(0, past.inputs[i]); // in the future what was last known of it
      }
      for (int i = options.features().size(); i < at.inputs.length; i++) {
        builder.put(0, at.inputs[i]);
      }
    }
    int targetCount = options.targets().size();
    for (int step = 0; step < options.horizon(); step++) {
      Row at = track.back(options.horizon() - 1 - step);
      Row naive = track.back(length - 1 - options.naive(step));
      for (int i = 0; i < targetCount; i++) {
        builder.put(1, at.targets[i] - (options.difference() ? naive.targets[i] : 0));
        builder.put(2, naive.targets[i]);
        builder.put(3, (double) track.number); // its scale is known when all has been read
        if (options.difference()) {
          builder.put(4, naive.targets[i]);
        }
      }
    }
    builder.end();
  }

  @Override
  public SplitReport report() {
    List<SeriesPart> parts =
        seen.stream().map(it -> new SeriesPart(it.name, it.own, 0, it.errors, it.pairs)).toList();
    return new SplitReport(
            trained,
            row >= plan.rows() && ownLines > 0 ? ownLines : rows.lines(),
            0,
            List.of(),
            targets,
            features,
            Sha256.hex(digest),
            bytes.since(),
            rows.openQuote() == 0 ? OptionalLong.empty() : OptionalLong.of(rows.openQuote()),
            rows.problems())
        .with(new SeriesReport(held, skipped, gaps, plan.alternating(), parts));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
