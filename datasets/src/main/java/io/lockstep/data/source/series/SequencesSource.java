package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.series.SeriesPart;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.text.TextFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Labelled sequences, each of its own length, in tables: a row for each time step, the rows of a
 * sequence one after the other, in a file of its own or beside others.
 *
 * <p>Where each file is a sequence a split is a run of files. Else it is a range of bytes; a
 * sequence that begins with the first row of a range is read by the task of the range before it.
 *
 * @param path of the file, folder or glob
 * @param options how to understand it
 * @param how it is read to be scored
 */
public record SequencesSource(String path, SequencesOptions options, ToScore how)
    implements ExampleSource {
  private static final long serialVersionUID = 1L;

  /** Sequences that are not to be scored. */
  public SequencesSource(String path, SequencesOptions options) {
    this(path, options, ToScore.NOT);
  }

  /** Files of a split; never changed, since it decides the content's hash. */
  private static final int FILES = 2_000;

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    return layout(hadoop, SourceSplit.BYTES);
  }

  /** A layout with splits of another size, for tests. */
  SourceLayout layout(Configuration hadoop, long splitBytes) throws IOException {
    List<DataFile> files = DataFiles.all(hadoop, path);
    List<String> header = SeriesColumns.names(hadoop, files.get(0), options.table());
    boolean labelled = !how.on() || (how.labels() && options.isLabelled(header));
    SeriesColumns columns = options.columns(files.get(0).name(), header, labelled);
    if (labelled && !options.labelsFile().isEmpty()) {
      labels(hadoop, columns, files); // says at once what is wrong with it
    }
    List<SourceSplit> splits =
        columns.series() < 0
            ? groups(files, splitBytes)
            : TextFiles.splits(hadoop, files, options.table().encoding(), splitBytes);
    List<String> names = new ArrayList<>();
    for (int column : columns.inputs()) {
      names.add(header.get(column));
    }
    List<String> targets = new ArrayList<>();
    for (int column : columns.targets()) {
      targets.add(header.get(column));
    }
    return new SourceLayout(
            splits,
            schema(columns, labelled),
            header,
            names,
            targets.isEmpty() ? List.of("labels") : targets,
            files.stream().mapToLong(DataFile::length).sum())
        .passing(
            how.of(path, List.of(columns.series() < 0 ? "file" : header.get(columns.series()))));
  }

  private void labels(Configuration hadoop, SeriesColumns columns, List<DataFile> files)
      throws IOException {
    if (columns.series() < 0) {
      SequenceLabels.ofFiles(hadoop, options, files);
    } else {
      SequenceLabels.byName(hadoop, options);
    }
  }

  private List<SourceSplit> groups(List<DataFile> files, long splitBytes) {
    List<SourceSplit> splits = new ArrayList<>();
    long held = 0;
    int from = 0;
    for (int to = 1; to <= files.size(); to++) {
      held += files.get(to - 1).length();
      if (to == files.size() || to - from == FILES || held >= splitBytes) {
        splits.add(new SourceSplit(splits.size(), path, from, to));
        held = 0;
        from = to;
      }
    }
    return splits;
  }

  private Schema schema(SeriesColumns columns, boolean labelled) {
    Field features = Field.sequence("features", ElementType.FLOAT64, columns.inputs().length);
    if (!labelled) {
      return new Schema(List.of(features), List.of(), false, false);
    }
    boolean classes = options.kind() == LabelKind.CLASS;
    List<Integer> shape = classes ? List.of() : List.of(columns.targets().length);
    return Schema.of(
        features,
        new Field(
            classes ? "class" : "targets",
            classes ? ElementType.INT32 : ElementType.FLOAT64,
            shape,
            options.perStep()));
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    boolean labelled = !layout.schema().labels().isEmpty();
    SeriesColumns columns = options.columns(split.file(), layout.header(), labelled);
    if (columns.series() >= 0) {
      return new SequencesReader(
          options,
          how,
          columns,
          layout,
          SequenceRows.range(
              hadoop,
              options,
              columns,
              split,
              !labelled || options.labelsFile().isEmpty()
                  ? Map.of()
                  : SequenceLabels.byName(hadoop, options)));
    }
    List<DataFile> files = DataFiles.all(hadoop, path);
    if (files.size() < split.to()) {
      throw new InputException(
          path + ": files have gone while they were read. Leave the folder alone.");
    }
    List<String> labels =
        !labelled || options.labelsFile().isEmpty()
            ? List.of()
            : SequenceLabels.ofFiles(hadoop, options, files)
                .subList((int) split.from(), (int) split.to());
    return new SequencesReader(
        options,
        how,
        columns,
        layout,
        SequenceRows.files(
            hadoop, options, columns, files.subList((int) split.from(), (int) split.to()), labels));
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    var problems = new CsvProblems(layout, reports, "line");
    Settlement again = problems.readAgain();
    if (again != null) {
      return again;
    }
    problems.check();
    if (reports.stream().mapToLong(SplitReport::examples).sum() == 0) {
      throw new InputException(path + ": holds no sequences.");
    }
    Set<String> seen = new HashSet<>();
    for (int split = 0; split < reports.size(); split++) {
      for (SeriesPart part : reports.get(split).series().parts()) {
        if (!seen.add(part.name())) {
          throw new InputException(
              "%s: sequence '%s' %s"
                  .formatted(
                      layout.splits().get(split).file(), part.name(), SequencesReader.AGAIN));
        }
      }
    }
    if (layout.schema().labels().isEmpty()) { // to be scored
      return Settled.of(layout, reports, new Labels.Targets(List.of("unknown")), false);
    }
    return options.kind() == LabelKind.CLASS
        ? new ClassNames(path, layout.targets().get(0), options.classes(), reports).settle(layout)
        : Settled.of(layout, reports, new Labels.Targets(layout.targets()), false);
  }

  @Override
  public SequencesSource like(Labels known, List<String> columns) {
    boolean named = options.table().header() && !columns.isEmpty();
    return new SequencesSource(
        path,
        options.with(
            named ? columns : options.features(),
            known instanceof Labels.Classes && options.kind() == LabelKind.CLASS
                ? known.names()
                : options.classes()),
        how);
  }

  @Override
  public SequencesSource toScore(ToScore other) {
    return new SequencesSource(path, options, other);
  }

  @Override
  public Optional<ExampleSource> at(String other) {
    return options.labelsFile().isEmpty()
        ? Optional.of(new SequencesSource(other, options, how))
        : Optional.empty();
  }

  @Override
  public String name() {
    return path;
  }
}
