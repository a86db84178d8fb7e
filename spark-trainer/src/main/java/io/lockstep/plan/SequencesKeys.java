package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.series.SequencesOptions;
import io.lockstep.data.source.series.SequencesSource;
import java.util.List;
import java.util.Optional;

/** Labelled sequences, as users see them. */
record SequencesKeys(
    String path,
    Optional<String> sequence,
    List<String> time,
    Optional<String> timeFormat,
    List<String> features,
    Optional<String> label,
    List<String> targets,
    Optional<String> labels,
    Per per,
    List<String> classes,
    Missing missing,
    List<String> missingValues,
    String delimiter,
    boolean header,
    String encoding) {
  /** What has a label. */
  enum Per {
    /** Each sequence. */
    SEQUENCE,
    /** Each time step. */
    STEP
  }

  SequencesKeys {
    int given = (label.isPresent() ? 1 : 0) + (targets.isEmpty() ? 0 : 1);
    if (given + (labels.isPresent() ? 1 : 0) != 1) {
      throw new InputException(
          "label: needs a column with classes, or targets columns with numbers, or labels a file"
              + " with classes; give one of them");
    }
  }

  static Section<SequencesKeys> section() {
    Type<List<String>> columns = oneOrMore(text(), "columns");
    return Section.of(
            SequencesKeys.class,
            "Labelled sequences of uneven length in tables, a row for each time step, the rows of a"
                + " sequence one after the other.")
        .required("path", text(), "A CSV file, a folder or a glob; any Hadoop path.")
        .optional(
            "sequence",
            text(),
            "Column that names each row's sequence, by name or number from 0. Without it each file"
                + " is one sequence.")
        .key(
            "time",
            columns,
            "[]",
            "Column of the time, or columns that together are the time, by which the order is"
                + " checked; it is no feature.")
        .optional("timeFormat", text(), SourceKeys.TIME_FORMAT)
        .key("features", columns, "[]", "Feature columns; `[]` for all that are nothing else.")
        .optional("label", text(), "Column with the class. Either this, or `targets`, or `labels`.")
        .key("targets", columns, "[]", "Columns with numbers to be predicted.")
        .optional(
            "labels",
            text(),
            "A file without a header that has a line for each sequence, `name,class`; where each"
                + " file is a sequence, the file's name, or `class` alone in the order of the"
                + " files' names.")
        .key(
            "per",
            choice(Per.class),
            "sequence",
            "What has a label: each `sequence`, in whose rows it is the same, or each `step`.")
        .key(
            "classes",
            listOf(text(), "names"),
            "[]",
            "Names of the classes in label order; `[]` collects and sorts them.")
        .key(
            "missing",
            choice(Missing.class),
            "error",
            "What is done with a row that lacks a number: `error`; `skip`, the step is left out.")
        .key(
            "missingValues",
            listOf(text(), "words"),
            SourceKeys.MISSING_VALUES,
            "How a missing number is written, beside nothing at all.")
        .key("delimiter", SourceKeys.delimiter(), "','", SourceKeys.DELIMITER)
        .key("header", bool(), "true", SourceKeys.HEADER)
        .key("encoding", TokenKeys.encoding(), "utf-8", SourceKeys.ENCODING)
        .build();
  }

  SequencesSource source() {
    return new SequencesSource(
        path,
        new SequencesOptions(
            new SeriesOptions.Table(
                sequence.orElse(""),
                time,
                timeFormat.orElse(""),
                Gaps.IGNORE,
                missing,
                missingValues,
                SourceKeys.delimiter(delimiter),
                header,
                new TextEncoding(encoding)),
            features,
            label.map(List::of).orElse(targets),
            targets.isEmpty() ? LabelKind.CLASS : LabelKind.NUMBER,
            classes,
            labels.orElse(""),
            per == Per.STEP));
  }

  static SequencesKeys of(SequencesSource source) {
    SequencesOptions options = source.options();
    SeriesOptions.Table table = options.table();
    boolean numbers = options.kind() == LabelKind.NUMBER;
    return new SequencesKeys(
        source.path(),
        SourceKeys.given(table.series()),
        table.time(),
        SourceKeys.given(table.timeFormat()),
        options.features(),
        numbers ? Optional.empty() : options.labels().stream().findFirst(),
        numbers ? options.labels() : List.of(),
        SourceKeys.given(options.labelsFile()),
        options.perStep() ? Per.STEP : Per.SEQUENCE,
        options.classes(),
        table.missing(),
        table.missingValues(),
        SourceKeys.delimiter(table.delimiter()),
        table.header(),
        table.encoding().name());
  }
}
