package io.lockstep.plan;

import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Union;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.GivenSource;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.data.source.idx.IdxSource;
import io.lockstep.data.source.series.SequencesSource;
import io.lockstep.data.source.series.SeriesSource;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.data.source.text.TextDirectorySource;
import io.lockstep.data.source.text.TextLinesSource;
import io.lockstep.data.source.text.TextWindowsSource;
import java.util.List;
import java.util.Optional;

/** The keys of {@code data.train} and {@code data.test}: where examples come from. */
final class SourceKeys {
  static final String DELIMITER = "Between values: a character, or `tab`.";
  static final String HEADER = "Whether the first line holds the columns' names.";
  static final String ENCODING =
      "Of the files: `utf-8`, `latin-1`, `windows-1252`, `utf-16` or any other that Java knows.";
  static final String TIME_FORMAT =
      "Pattern of Java's DateTimeFormatter such as `dd.MM.yyyy HH:mm`. Without it ISO 8601 or"
          + " numbers.";

  /** Default of {@code missingValues}, as YAML. */
  static final String MISSING_VALUES = "['NA', 'N/A', 'NaN', 'nan', 'null', '?']";

  private SourceKeys() {}

  /** A key that may be left out, of a text that is empty if it was. */
  static Optional<String> given(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  static Type<String> delimiter() {
    return text(
        "one character, or tab",
        value ->
            value.length() == 1 || value.equals("tab")
                ? Optional.empty()
                : Optional.of("must be one character or tab, but is '" + value + "'"));
  }

  static char delimiter(String word) {
    return word.equals("tab") ? '\t' : word.charAt(0);
  }

  static String delimiter(char value) {
    return value == '\t' ? "tab" : String.valueOf(value);
  }

  /**
   * The sources.
   *
   * @param part of an embedded set that is meant if the plan does not say
   */
  static Union<ExampleSource> sources(EmbeddedSource.Part part) {
    Union.Builder<ExampleSource> sources = Union.of(ExampleSource.class, "a source of examples");
    sources
        .word(
            "embedded",
            EmbeddedSource.class,
            embedded(part),
            EmbeddedKeys::source,
            EmbeddedKeys::of)
        .word("idx", IdxSource.class, idx(), IdxKeys::source, IdxKeys::of)
        .word("csv", CsvSource.class, CsvKeys.section(), CsvKeys::source, CsvKeys::of)
        .word("given", given());
    StoredTableKeys.declare(sources);
    return sources
        .word(
            "textCsv",
            TextCsvSource.class,
            TextCsvKeys.section(),
            TextCsvKeys::source,
            TextCsvKeys::of)
        .word(
            "textLines",
            TextLinesSource.class,
            TextLinesKeys.lines(),
            TextLinesKeys::linesSource,
            TextLinesKeys::of)
        .word(
            "textDirectory",
            TextDirectorySource.class,
            TextLinesKeys.directory(),
            TextLinesKeys::directorySource,
            TextLinesKeys::of)
        .word(
            "textWindows",
            TextWindowsSource.class,
            TextWindowsKeys.section(),
            TextWindowsKeys::source,
            TextWindowsKeys::of)
        .word(
            "series", SeriesSource.class, SeriesKeys.section(), SeriesKeys::source, SeriesKeys::of)
        .word(
            "sequences",
            SequencesSource.class,
            SequencesKeys.section(),
            SequencesKeys::source,
            SequencesKeys::of)
        .refused("text", "say how it lies: textCsv, textLines, textDirectory or textWindows")
        .build();
  }

  private static Section<GivenSource> given() {
    return Section.of(
            GivenSource.class,
            "Examples that a program hands over, `Training.train` and `Training.test` in Java.")
        .key("name", text(), "rows", "By which the program calls them.")
        .shorthand("name")
        .build();
  }

  /** What an image may be taken for. */
  enum As {
    /** A sequence of its rows, from top to bottom. */
    ROWS;

    static Optional<As> of(boolean rows) {
      return rows ? Optional.of(ROWS) : Optional.empty();
    }
  }

  private static <T extends Record> Section.Builder<T> as(Section.Builder<T> section) {
    return section.optional(
        "as",
        choice(As.class),
        "`rows`: an image is a sequence whose time steps are its rows, from top to bottom.");
  }

  /** An embedded source as users see it. */
  record EmbeddedKeys(String name, EmbeddedSource.Part part, Optional<As> as) {
    EmbeddedSource source() {
      return new EmbeddedSource(name, part, as.isPresent());
    }

    static EmbeddedKeys of(EmbeddedSource source) {
      return new EmbeddedKeys(source.name(), source.part(), As.of(source.rows()));
    }
  }

  /** A pair of IDX files as users see it. */
  record IdxKeys(String images, String labels, List<String> classes, Optional<As> as) {
    IdxSource source() {
      return new IdxSource(images, labels, classes, as.isPresent());
    }

    static IdxKeys of(IdxSource source) {
      return new IdxKeys(source.images(), source.labels(), source.classes(), As.of(source.rows()));
    }
  }

  private static Section<EmbeddedKeys> embedded(EmbeddedSource.Part part) {
    return as(Section.of(EmbeddedKeys.class, "A data set that ships with Lockstep.")
            .required(
                "name",
                Types.oneOf(EmbeddedSource.names()),
                "Which one; `lockstep datasets list` describes them.")
            .key(
                "part",
                choice(EmbeddedSource.Part.class),
                Types.camelCase(part),
                "Which of its halves."))
        .shorthand("name")
        .build();
  }

  private static Section<IdxKeys> idx() {
    return as(Section.of(
                IdxKeys.class, "A pair of IDX files, the format of MNIST, plain or packed.")
            .required("images", text(), "File of the features, any Hadoop path.")
            .required("labels", text(), "File of the labels.")
            .key(
                "classes",
                listOf(text(), "names"),
                "[]",
                "Names of the classes in label order; `[]` numbers them up to the largest label."))
        .build();
  }
}
