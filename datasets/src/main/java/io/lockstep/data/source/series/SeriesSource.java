package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.series.SeriesLayout;
import io.lockstep.data.series.SeriesLayout.Plan;
import io.lockstep.data.series.SeriesLayout.Span;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesPart;
import io.lockstep.data.series.SeriesParts;
import io.lockstep.data.series.SeriesReport;
import io.lockstep.data.series.TimeStep;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadAgain;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.text.TextFiles;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Windows of series for forecasting: of {@code window} rows that are known the targets of the
 * {@code horizon} rows after them are to be foretold.
 *
 * <p>Files are read twice: first the rows of each series are counted, then windows are read, each
 * by the task in whose split its first row lies. Windows are numbered in the order of files, those
 * that are held out after all others ({@link SeriesParts}). What is held out are the windows whose
 * targets lie in the last rows of each series; a window whose targets lie on both sides is no
 * example.
 *
 * @param path of a file, a folder or a glob
 * @param options how tables are understood and cut
 * @param bounds which times are used
 * @param heldShare share of the rows of each series that is held out
 * @param training what is known of the series of training; null if this is the training source
 */
public record SeriesSource(
    String path, SeriesOptions options, Bounds bounds, double heldShare, SeriesLayout training)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** Rows of which the step from one to the next is found out. */
  private static final int LOOKED_AT = 2000;

  /**
   * Which times are used.
   *
   * @param from time of the first row that is foretold, as a table has it; empty for the first.
   *     Rows before it are still known to windows
   * @param until time of the first row that is no longer used; empty for none
   */
  public record Bounds(String from, String until) implements Serializable {
    /** All times. */
    public static final Bounds NONE = new Bounds("", "");
  }

  /** Of training. */
  public SeriesSource(String path, SeriesOptions options, Bounds bounds) {
    this(path, options, bounds, 0, null);
  }

  /** Time of the first row that is foretold, NaN if there is none. */
  double from() {
    return bounds.from().isEmpty() ? Double.NaN : time("from", bounds.from());
  }

  /** Time of the first row that is no longer used, infinite if there is none. */
  double until() {
    return bounds.until().isEmpty() ? Double.POSITIVE_INFINITY : time("until", bounds.until());
  }

  private double time(String key, String text) {
    if (options.table().time().isEmpty()) {
      throw new InputException(
          "%s: %s: there is no column of times to compare with; name it with time"
              .formatted(path, key));
    }
    SeriesTime times = SeriesTime.of(options.table().timeFormat());
    double time = times.parse(text);
    time = Double.isNaN(time) ? SeriesTime.of("").parse(text) : time;
    if (Double.isNaN(time)) {
      throw new InputException(
          "%s: %s: '%s' is no time; write it as in the file, or as 2024-01-31"
              .formatted(path, key, text));
    }
    return time;
  }

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    if (options.targets().isEmpty()) {
      throw new InputException(path + ": name the columns to be foretold with targets");
    }
    if (from() >= until()) {
      throw new InputException(
          "%s: from (%s) is not before until (%s); nothing lies between them"
              .formatted(path, bounds.from(), bounds.until()));
    }
    List<DataFile> files = DataFiles.all(hadoop, path);
    List<SourceSplit> splits =
        TextFiles.splits(hadoop, files, options.table().encoding(), splitBytes);
    List<String> header = SeriesColumns.names(hadoop, files.get(0), options.table());
    SeriesColumns columns = SeriesColumns.of(files.get(0).name(), options, header);
    TimeStep step =
        training != null ? training.timeStep() : step(hadoop, columns, splits.get(0)).orElse(null);
    List<String> names = new ArrayList<>(options.features());
    names.addAll(options.known());
    return new SourceLayout(
        splits,
        schema(),
        header,
        names,
        options.names(),
        files.stream().mapToLong(DataFile::length).sum(),
        null,
        new SeriesLayout(options, step, List.of(), Map.of()));
  }

  private Schema schema() {
    int width = options.horizon() * options.targets().size();
    List<Field> references = new ArrayList<>();
    references.add(Field.of("naive", ElementType.FLOAT64, width));
    references.add(Field.of("scale", ElementType.FLOAT64, width));
    if (options.difference()) {
      references.add(Field.of("base", ElementType.FLOAT64, width));
    }
    return new Schema(
        List.of(Field.of("features", ElementType.FLOAT64, options.steps(), options.width())),
        List.of(Field.of("targets", ElementType.FLOAT64, width)),
        references,
        false,
        false);
  }

  /** The most frequent difference between two times at the beginning of the first file. */
  private Optional<TimeStep> step(Configuration hadoop, SeriesColumns columns, SourceSplit split)
      throws IOException {
    if (columns.time().length == 0) {
      return Optional.empty();
    }
    SeriesTime times = SeriesTime.of(options.table().timeFormat());
    Map<TimeStep, Integer> steps = new LinkedHashMap<>();
    Map<String, Double> last = new HashMap<>();
    try (var rows = SeriesRows.open(hadoop, options.table(), columns, split, false)) {
      for (int i = 0; i < LOOKED_AT && rows.next(); i++) {
        double time = rows.time();
        Double before = last.put(rows.series(), time);
        if (before != null && time > before) {
          steps.merge(
              TimeStep.between(before, time, times.isDate(rows.timeText())), 1, Integer::sum);
        }
      }
    }
    return steps.entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    SeriesLayout series = layout.series().orElseThrow();
    SeriesColumns columns = SeriesColumns.of(split.file(), options, layout.header());
    if (series.plans().isEmpty()) {
      return new SeriesCounter(
          SeriesRows.open(hadoop, options.table(), columns, split, false), until());
    }
    return new SeriesReader(
        this,
        columns,
        series,
        series.plans().get(split.index()),
        layout.schema(),
        SeriesRows.open(hadoop, options.table(), columns, split, true));
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    var problems = new CsvProblems(layout, reports, "line");
    SeriesLayout series = layout.series().orElseThrow();
    if (series.plans().isEmpty()) {
      Settlement again = problems.readAgain();
      if (again != null) {
        return again;
      }
      problems.check();
      return counted(layout, reports);
    }
    problems.check();
    return settled(layout, reports);
  }

  /** The second reading, once it is known which rows each split has of which series. */
  private Settlement counted(SourceLayout layout, List<SplitReport> reports) {
    Map<String, String> files = new HashMap<>();
    Map<String, long[]> counts = new LinkedHashMap<>(); // rows and usable rows of each series
    Set<String> alternating = new HashSet<>();
    String last = null;
    for (SourceSplit split : layout.splits()) {
      SeriesReport report = reports.get(split.index()).series();
      if (report.alternating()) {
        alternating.add(split.file());
      }
      for (SeriesPart part : report.parts()) {
        String file = files.putIfAbsent(part.name(), split.file());
        if (file != null && !file.equals(split.file())) {
          throw new InputException(
              "%s and %s both have rows of series '%s'. Put the rows of a series into one file."
                  .formatted(file, split.file(), part.name()));
        }
        if (file != null && !part.name().equals(last)) {
          alternating.add(split.file());
        }
        long[] count = counts.computeIfAbsent(part.name(), it -> new long[2]);
        count[0] += part.rows();
        count[1] += part.usable();
        last = part.name();
      }
    }
    if (counts.isEmpty()) {
      throw new InputException(path + ": holds no rows.");
    }
    checkLengths(counts);
    List<SourceSplit> splits = whole(layout.splits(), alternating);
    List<Plan> plans = plans(layout, splits, reports, counts, alternating);
    SeriesLayout known = layout.series().orElseThrow();
    return new ReadAgain(
        layout
            .withSplits(splits)
            .with(new SeriesLayout(options, known.timeStep(), plans, counts(counts))),
        path + ": its rows are counted, now its windows are read");
  }

  /** Rows of each series, which stand where scales will, for the note about short series. */
  private static Map<String, double[]> counts(Map<String, long[]> counts) {
    Map<String, double[]> usable = new LinkedHashMap<>();
    counts.forEach((name, count) -> usable.put(name, new double[] {count[1]}));
    return usable;
  }

  private void checkLengths(Map<String, long[]> counts) {
    long longest = counts.values().stream().mapToLong(count -> count[1]).max().orElseThrow();
    if (longest < options.length()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: an example takes %,d rows (window %,d + horizon %,d), but the longest series has"
                  + " %,d%s. Make the window smaller.",
              path,
              options.length(),
              options.window(),
              options.horizon(),
              longest,
              bounds.until().isEmpty() ? "" : " before " + bounds.until()));
    }
  }

  /** A file whose series alternate is read by one task. */
  private static List<SourceSplit> whole(List<SourceSplit> splits, Set<String> alternating) {
    List<SourceSplit> others = new ArrayList<>();
    for (SourceSplit split : splits) {
      if (!alternating.contains(split.file())) {
        others.add(new SourceSplit(others.size(), split.file(), split.from(), split.to()));
      } else if (split.from() == 0) {
        long end =
            splits.stream()
                .filter(it -> it.file().equals(split.file()))
                .mapToLong(SourceSplit::to)
                .max()
                .orElseThrow();
        others.add(new SourceSplit(others.size(), split.file(), 0, end));
      }
    }
    return others;
  }

  private List<Plan> plans(
      SourceLayout layout,
      List<SourceSplit> splits,
      List<SplitReport> reports,
      Map<String, long[]> counts,
      Set<String> alternating) {
    Map<String, Long> before = new HashMap<>();
    List<Plan> plans = new ArrayList<>();
    for (SourceSplit split : splits) {
      Map<String, Span> spans = new LinkedHashMap<>();
      long rows = 0;
      for (SourceSplit old : layout.splits()) {
        boolean same = old.file().equals(split.file());
        if (!same || old.from() < split.from() || old.from() >= split.to()) {
          continue;
        }
        for (SeriesPart part : reports.get(old.index()).series().parts()) {
          long seen = before.merge(part.name(), part.rows(), Long::sum) - part.rows();
          spans.putIfAbsent(part.name(), new Span(seen, trained(counts.get(part.name())[1])));
          rows += part.rows();
        }
      }
      plans.add(new Plan(rows, spans, alternating.contains(split.file())));
    }
    return plans;
  }

  private long trained(long usable) {
    return usable - (heldShare > 0 ? Math.max(1, Math.round(usable * heldShare)) : 0);
  }

  private Settled settled(SourceLayout layout, List<SplitReport> reports) {
    SeriesLayout series = layout.series().orElseThrow();
    Settled plain = Settled.of(layout, reports, new Labels.Targets(options.names()), false);
    long[] held = new long[reports.size() + 1];
    for (int split = 0; split < reports.size(); split++) {
      held[split + 1] = held[split] + reports.get(split).series().held();
    }
    long windows = reports.stream().mapToLong(SplitReport::examples).sum();
    List<String> notes = notes(series, reports);
    if (windows + held[reports.size()] == 0) {
      throw new InputException(
          "%s: gives no window%s.%s"
              .formatted(
                  path,
                  (bounds.from().isEmpty() ? "" : " from " + bounds.from() + " on")
                      + (bounds.until().isEmpty() ? "" : " until " + bounds.until()),
                  notes.isEmpty() ? "" : " " + String.join(" ", notes)));
    }
    if (heldShare > 0 && held[reports.size()] == 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the last %s of each series, which are held out, are too few rows for a horizon"
                  + " of %,d. Take a larger data.validation.",
              path,
              heldShare,
              options.horizon()));
    }
    Map<String, double[]> scales = training == null ? scales(reports) : training.scales();
    double[] unknown = new double[options.targets().size()];
    java.util.Arrays.fill(unknown, Double.NaN);
    // A model of one series, which its file names, is asked about that one in a later file.
    boolean one = options.table().series().isEmpty() && scales.size() == 1;
    double[] other = one ? scales.values().iterator().next() : unknown;
    List<double[][]> bySplit =
        reports.stream()
            .map(
                report ->
                    report.series().parts().stream()
                        .map(part -> scales.getOrDefault(part.name(), other))
                        .toArray(double[][]::new))
            .toList();
    SourceLayout known =
        layout.with(new SeriesLayout(options, series.timeStep(), series.plans(), scales));
    return plain.with(known, new SeriesParts(held, bySplit, notes));
  }

  /** Per series the mean absolute error of the naive one-step forecast over its training part. */
  private Map<String, double[]> scales(List<SplitReport> reports) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    Map<String, Long> pairs = new HashMap<>();
    for (SplitReport report : reports) {
      for (SeriesPart part : report.series().parts()) {
        double[] sum =
            sums.computeIfAbsent(part.name(), it -> new double[options.targets().size()]);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += part.errors()[i];
        }
        pairs.merge(part.name(), part.pairs(), Long::sum);
      }
    }
    sums.forEach(
        (name, sum) -> {
          for (int i = 0; i < sum.length; i++) {
            sum[i] /= pairs.get(name);
          }
        });
    return sums;
  }

  private List<String> notes(SeriesLayout series, List<SplitReport> reports) {
    List<String> notes = new ArrayList<>();
    long count = series.scales().size();
    long few = series.scales().values().stream().filter(rows -> rows[0] < options.length()).count();
    if (few > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d series have fewer than the %,d rows of an example and give none.",
              few,
              count,
              options.length()));
    }
    long skipped = reports.stream().mapToLong(report -> report.series().skipped()).sum();
    if (skipped > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d rows lack a value; no window contains them (missing: skip).",
              skipped));
    }
    long gaps = reports.stream().mapToLong(report -> report.series().gaps()).sum();
    if (gaps > 0) {
      notes.add(
          String.format(
              Locale.ROOT, "%,d gaps in time; no window reaches over them (gaps: split).", gaps));
    }
    return notes;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public SeriesSource holdingOut(double share, boolean random) {
    if (random && share > 0) {
      throw new InputException(
          "data.holdOut: random would hold out windows that overlap with trained ones; leave it"
              + " out, then the last part of each series is held out");
    }
    return new SeriesSource(path, options, bounds, share, training);
  }

  @Override
  public SeriesSource like(Labels known, List<String> columns) {
    return this;
  }

  @Override
  public SeriesSource seriesLike(SeriesLayout other) {
    options
        .contradiction(other.options())
        .ifPresent(
            key -> {
              throw new InputException(
                  "%s: %s is not that of training. Leave it out: windows are cut as in training, only"
                          .formatted(path, key)
                      + " path, from and until are the set's own.");
            });
    return new SeriesSource(path, other.options(), bounds, 0, other);
  }

  @Override
  public Optional<ExampleSource> at(String other) {
    return Optional.of(new SeriesSource(other, options, Bounds.NONE, 0, training));
  }

  @Override
  public ExampleSource toScore(ToScore how) {
    throw new InputException(
        "%s: windows of series are foretold, not scored: use lockstep forecast --model DIR --data %s --csv FILE."
            .formatted(path, path));
  }

  @Override
  public String name() {
    return path;
  }
}
