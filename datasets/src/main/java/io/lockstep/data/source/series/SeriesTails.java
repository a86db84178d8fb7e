package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.csv.CsvProblems;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the last rows of each series, to foretell what comes after them. Files are read once, from
 * beginning to end; of each series no more rows are held than a window has.
 *
 * <p>Rows after the last that has values for features and targets may hold what is known of the
 * future. Not thread-safe.
 */
public final class SeriesTails {
  private final SeriesLayout layout;
  private final SeriesOptions options;
  private final Where where;
  private final Map<String, Track> tracks = new LinkedHashMap<>();

  /**
   * Where a forecast begins.
   *
   * @param from time of its first step, as the data has times; empty for the end of the data
   * @param held whether the last rows, as many as are foretold, are kept from the network, to
   *     compare
   */
  public record Where(String from, boolean held) {}

  private SeriesTails(SeriesLayout layout, Where where) {
    this.layout = layout;
    this.options = layout.options();
    this.where = where;
  }

  /** A row; values that are missing are NaN. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Row(double time, String text, double[] inputs, double[] targets) {}

  private static final class Track {
    private final Deque<Row> past = new ArrayDeque<>();
    private final List<Row> after = new ArrayList<>();
    private double time = Double.NaN;
  }

  /**
   * The beginnings of forecasts, one for each series that is long enough.
   *
   * @param path of a file, a folder or a glob
   * @param layout of the series that the model was trained on
   * @throws InputException if the data must be mended, or no series is long enough
   * @throws IOException if the file system fails
   */
  public static List<SeriesTail> read(
      String path, SeriesLayout layout, Where where, Configuration hadoop) throws IOException {
    var tails = new SeriesTails(layout, where);
    for (DataFile file : DataFiles.all(hadoop, path)) {
      tails.read(file, hadoop);
    }
    List<SeriesTail> found = new ArrayList<>();
    tails.tracks.forEach((name, track) -> tails.tail(name, track).ifPresent(found::add));
    if (found.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: no series has the %,d rows without a gap%s that a forecast begins with",
              path,
              options(layout, where),
              where.from().isEmpty() ? " at its end" : " before " + where.from()));
    }
    return found;
  }

  private static int options(SeriesLayout layout, Where where) {
    return where.held() ? layout.options().length() : layout.options().window();
  }

  private void read(DataFile file, Configuration hadoop) throws IOException {
    List<String> header = SeriesColumns.names(hadoop, file, options.table());
    SeriesColumns columns = SeriesColumns.of(file.name(), options, header);
    double from =
        where.from().isEmpty()
            ? Double.POSITIVE_INFINITY
            : new SeriesSource(file.name(), options, new SeriesSource.Bounds(where.from(), ""))
                .from();
    var whole = new SourceSplit(0, file.name(), 0, Long.MAX_VALUE);
    try (SeriesRows rows = SeriesRows.open(hadoop, options.table(), columns, whole, false)) {
      while (rows.next()) {
        Track track = tracks.computeIfAbsent(rows.series(), name -> new Track());
        double time = rows.time();
        if (!rows.hasProblem()) {
          add(track, rows, columns, time, time >= from);
        }
      }
      List<SplitReport.Problem> problems = rows.problems();
      if (!problems.isEmpty()) {
        throw new InputException(CsvProblems.text(file.name(), "line", 0, problems.get(0)));
      }
      if (rows.openQuote() != 0) {
        throw new InputException(CsvProblems.openQuote(file.name(), rows.openQuote()));
      }
    }
  }

  private void add(
      Track track, SeriesRows rows, SeriesColumns columns, double time, boolean later) {
    follow(track, rows, columns, time);
    var row =
        new Row(
            time,
            rows.timeText(),
            IntStream.of(columns.inputs()).mapToDouble(rows::number).toArray(),
            IntStream.of(columns.targets()).mapToDouble(rows::number).toArray());
    if (later || !isWhole(row)) {
      boolean future = later || hasKnown(row);
      if (!future && options.table().missing() == Missing.ERROR) {
        int[] all =
            IntStream.concat(IntStream.of(columns.inputs()), IntStream.of(columns.targets()))
                .filter(column -> Double.isNaN(rows.number(column)))
                .toArray();
        rows.missing(all[0]);
      }
      if (!future) {
        track.past.clear();
      } else if (track.after.size() < options.horizon()) {
        track.after.add(row);
      }
      return;
    }
    if (!track.after.isEmpty()) { // what seemed the future was a gap
      track.after.clear();
      track.past.clear();
    }
    track.past.add(row);
    if (track.past.size() > options.length()) {
      track.past.remove();
    }
  }

  private void follow(Track track, SeriesRows rows, SeriesColumns columns, double time) {
    double last = track.time;
    track.time = time;
    if (columns.time().length == 0 || Double.isNaN(last)) {
      return;
    }
    if (time <= last) {
      rows.problem(
          rows.describeTime(),
          "'%s' is not later than the row before it. Sort the rows of a series by time, each once."
              .formatted(rows.timeText()));
      return;
    }
    boolean gap = layout.step().filter(step -> !step.leads(last, time)).isPresent();
    if (gap && options.table().gaps() != Gaps.IGNORE && track.after.isEmpty()) {
      track.past.clear();
    }
  }

  private static boolean isWhole(Row row) {
    return Arrays.stream(row.inputs()).noneMatch(Double::isNaN)
        && Arrays.stream(row.targets()).noneMatch(Double::isNaN);
  }

  private boolean hasKnown(Row row) {
    return !options.known().isEmpty()
        && Arrays.stream(row.inputs(), options.features().size(), row.inputs().length)
            .noneMatch(Double::isNaN);
  }

  private java.util.Optional<SeriesTail> tail(String name, Track track) {
    List<Row> past = new ArrayList<>(track.past);
    List<Row> after = new ArrayList<>(track.after);
    if (where.held()) {
      if (past.size() < options.length()) {
        return java.util.Optional.empty();
      }
      after = past.subList(options.window(), options.length());
      past = past.subList(0, options.window());
    } else if (past.size() < options.window()) {
      return java.util.Optional.empty();
    } else {
      past = past.subList(past.size() - options.window(), past.size());
    }
    if (!options.known().isEmpty()
        && (after.size() < options.horizon() || !after.stream().allMatch(this::hasKnown))) {
      throw new InputException(
          "series '%s': the model needs %s for the %d steps that it foretells, but the data has only %d rows with it after the last. Add rows whose other columns are empty."
              .formatted(
                  name,
                  String.join(", ", options.known()),
                  options.horizon(),
                  after.stream().filter(this::hasKnown).count()));
    }
    double[][] truth = new double[options.horizon()][options.targets().size()];
    for (int step = 0; step < truth.length; step++) {
      Arrays.fill(truth[step], Double.NaN);
      if (step < after.size()) {
        truth[step] = after.get(step).targets();
      }
    }
    return java.util.Optional.of(
        new SeriesTail(
            name,
            inputs(past, after),
            past.stream().map(Row::text).toList(),
            past.stream().map(Row::targets).toArray(double[][]::new),
            times(past.get(past.size() - 1)),
            truth));
  }

  private double[] inputs(List<Row> past, List<Row> after) {
    double[] inputs = new double[options.steps() * options.width()];
    int at = 0;
    for (Row row : past) {
      for (double value : row.inputs()) {
        inputs[at++] = value;
      }
    }
    double[] last = past.get(past.size() - 1).inputs();
    Iterator<Row> future = after.iterator();
    while (at < inputs.length) {
      double[] known = future.next().inputs();
      for (int i = 0; i < known.length; i++) {
        inputs[at++] = i < options.features().size() ? last[i] : known[i];
      }
    }
    return inputs;
  }

  private List<String> times(Row last) {
    List<String> times = new ArrayList<>();
    SeriesTime written = SeriesTime.of(options.table().timeFormat());
    double time = last.time();
    for (int step = 0; step < options.horizon(); step++) {
      if (layout.step().isEmpty()) {
        times.add("");
      } else {
        time = layout.step().get().next(time);
        times.add(written.format(time, last.text()));
      }
    }
    return times;
  }
}
