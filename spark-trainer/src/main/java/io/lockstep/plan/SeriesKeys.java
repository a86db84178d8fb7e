package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.series.SeriesOptions;
import io.lockstep.data.series.SeriesOptions.Gaps;
import io.lockstep.data.series.SeriesOptions.Missing;
import io.lockstep.data.source.series.SeriesSource;
import java.util.List;
import java.util.Optional;

/** Windows of series, as users see them. */
record SeriesKeys(
    String path,
    Optional<String> series,
    List<String> time,
    Optional<String> timeFormat,
    List<String> targets,
    List<String> features,
    List<String> known,
    int window,
    int horizon,
    int stride,
    int season,
    boolean difference,
    Optional<String> from,
    Optional<String> until,
    Gaps gaps,
    Missing missing,
    List<String> missingValues,
    String delimiter,
    boolean header,
    String encoding) {
  static Section<SeriesKeys> section() {
    Type<List<String>> columns = oneOrMore(text(), "columns");
    return Section.of(
            SeriesKeys.class,
            "Tables of series for forecasting, a row for each time, cut into windows. Of"
                + " `data.test` only `path`, `from` and `until` count: all else is as in training.")
        .required(
            "path",
            text(),
            "A CSV file, a folder or a glob, any Hadoop path, or a shipped file such as"
                + " `embedded:seattle-weather.csv`.")
        .optional(
            "series",
            text(),
            "Column that names each row's series, by name or number from 0. Without it each file is"
                + " one series.")
        .key(
            "time",
            columns,
            "[]",
            "Column of the time, or columns that together are the time, joined by blanks. `[]`:"
                + " rows are in order, one step apart.")
        .optional("timeFormat", text(), SourceKeys.TIME_FORMAT)
        .key("targets", columns, "[]", "Columns to be foretold; needed for training.")
        .key(
            "features",
            columns,
            "[]",
            "Columns that are known in the past, which the network is given; `[]` for the targets.")
        .key(
            "known",
            columns,
            "[]",
            "Columns that are known in the future as well, such as a calendar or a price. With them"
                + " an example has `window + horizon` time steps, in whose last ones features keep"
                + " their last value.")
        .key(
            "window",
            integer(1),
            String.valueOf(SeriesOptions.WINDOW),
            "Past steps that the network is given.")
        .key("horizon", integer(1), "1", "Future steps that are foretold.")
        .key("stride", integer(1), "1", "Rows from the beginning of a window to that of the next.")
        .key(
            "season",
            integer(1),
            "1",
            "Steps after which the naive forecast, which metrics are compared with, repeats itself:"
                + " 1 for the last value, 7 for a week of days; at most `window`.")
        .key(
            "difference",
            bool(),
            "false",
            "Whether the network learns what the targets differ by from the naive forecast, which"
                + " is added again to its outputs. It helps where a series wanders.")
        .optional(
            "from",
            text(),
            "Time of the first row that is foretold; windows still look at rows before it.")
        .optional("until", text(), "Time of the first row that is no longer used.")
        .key(
            "gaps",
            choice(Gaps.class),
            "error",
            "What is done where a row is not one step after the one before it: `error`; `split`, no"
                + " window reaches over it; `ignore`, both are neighbours, such as trading days.")
        .key(
            "missing",
            choice(Missing.class),
            "error",
            "What is done with a row that lacks a value: `error`; `skip`, no window contains it.")
        .key(
            "missingValues",
            listOf(text(), "words"),
            SourceKeys.MISSING_VALUES,
            "How a missing value is written, beside nothing at all; numbers in any form.")
        .key("delimiter", SourceKeys.delimiter(), "','", SourceKeys.DELIMITER)
        .key("header", bool(), "true", SourceKeys.HEADER)
        .key("encoding", TokenKeys.encoding(), "utf-8", SourceKeys.ENCODING)
        .build();
  }

  SeriesSource source() {
    return new SeriesSource(
        path,
        new SeriesOptions(
            new SeriesOptions.Table(
                series.orElse(""),
                time,
                timeFormat.orElse(""),
                gaps,
                missing,
                missingValues,
                SourceKeys.delimiter(delimiter),
                header,
                new TextEncoding(encoding)),
            features,
            targets,
            known,
            window,
            horizon,
            stride,
            season,
            difference),
        new SeriesSource.Bounds(from.orElse(""), until.orElse("")));
  }

  static SeriesKeys of(SeriesSource source) {
    SeriesOptions options = source.options();
    SeriesOptions.Table table = options.table();
    return new SeriesKeys(
        source.path(),
        SourceKeys.given(table.series()),
        table.time(),
        SourceKeys.given(table.timeFormat()),
        options.targets(),
        options.features(),
        options.known(),
        options.window(),
        options.horizon(),
        options.stride(),
        options.season(),
        options.difference(),
        SourceKeys.given(source.bounds().from()),
        SourceKeys.given(source.bounds().until()),
        table.gaps(),
        table.missing(),
        table.missingValues(),
        SourceKeys.delimiter(table.delimiter()),
        table.header(),
        table.encoding().name());
  }
}
