package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Union;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.GivenSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvOptions.Weight;
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
import java.util.Map;
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
    return Union.of(ExampleSource.class, "a source of examples")
        .word(
            "embedded",
            EmbeddedSource.class,
            embedded(part),
            EmbeddedKeys::source,
            EmbeddedKeys::of)
        .word("idx", IdxSource.class, idx(), IdxKeys::source, IdxKeys::of)
        .word("csv", CsvSource.class, csv(), CsvKeys::source, CsvKeys::of)
        .word("given", given())
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

  private static Section<CsvKeys> csv() {
    Type<List<String>> columns = listOf(text(), "columns");
    return Section.of(
            CsvKeys.class,
            "A table as CSV, plain or packed by gzip, bzip2 or zstd. A column is named as in the"
                + " header, or by its number from 0.")
        .required(
            "path",
            text(),
            "A file, a folder of part files, or a glob such as `day-*.csv`; any Hadoop path.")
        .optional("label", text(), "Column with each example's class. Either this or `targets`.")
        .optional("targets", columns, "Columns with numbers to be predicted.")
        .key(
            "features",
            columns,
            "[]",
            "Feature columns in the order in which the network sees them; `[]` for all others.")
        .key(
            "classes",
            listOf(text(), "names"),
            "[]",
            "Names of the classes in label order; `[]` collects and sorts them from the file.")
        .key("delimiter", delimiter(), "','", DELIMITER)
        .key("header", bool(), "true", HEADER)
        .key(
            "shape",
            listOf(integer(1), "sizes"),
            "[]",
            "Shape of an example: `[channels, height, width]` of an image, `[time, features]` of a"
                + " sequence; `[]` for a row.")
        .key(
            "reconstruct",
            bool(),
            "false",
            "For an autoencoder: targets may be features too; without `targets` they are all"
                + " features.")
        .optional(
            "weight",
            text(),
            "Column with each example's weight, 0 or more, by which its loss is multiplied; it is"
                + " no feature. In `data.test` the column may be missing: all count alike.")
        .optional(
            "inputs",
            PortKeys.inputs(),
            "Of a graph with several inputs, by their names; in place of `features` and `shape`.")
        .optional(
            "outputs",
            PortKeys.outputs(),
            "Of a graph with several outputs, by their names; in place of `label`, `targets` and"
                + " `classes`.")
        .build();
  }

  /** A CSV source as users see it. */
  record CsvKeys(
      String path,
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      List<String> classes,
      String delimiter,
      boolean header,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs) {
    CsvKeys {
      boolean neither = label.isEmpty() && targets.isEmpty() && outputs.isEmpty();
      boolean both = label.isPresent() && (targets.isPresent() || reconstruct);
      if (both || (neither && !reconstruct)) {
        throw new InputException(
            "label: needs a column with classes, or targets columns with numbers; give one of"
                + " them, or outputs for a graph with several");
      }
      if (outputs.isPresent() && (label.isPresent() || targets.isPresent() || !classes.isEmpty())) {
        throw new InputException(
            "outputs: stands in place of label, targets and classes; say all that is to be learnt"
                + " under outputs");
      }
      if (inputs.isPresent() && (!features.isEmpty() || !shape.isEmpty())) {
        throw new InputException(
            "inputs: stands in place of features and shape; name all columns under inputs");
      }
      if (reconstruct && (inputs.isPresent() || outputs.isPresent())) {
        throw new InputException(
            "reconstruct: is for one input and one output; take it out, or inputs and outputs");
      }
      // Checks the rest.
      options(
          label,
          targets,
          features,
          classes,
          delimiter,
          header,
          shape,
          reconstruct,
          weight,
          inputs,
          outputs);
    }

    CsvSource source() {
      return new CsvSource(
          path,
          options(
              label,
              targets,
              features,
              classes,
              delimiter,
              header,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs));
    }

    private static CsvOptions options(
        Optional<String> label,
        Optional<List<String>> targets,
        List<String> features,
        List<String> classes,
        String delimiter,
        boolean header,
        List<Integer> shape,
        boolean reconstruct,
        Optional<String> weight,
        Optional<Map<String, PortKeys.InputKeys>> inputs,
        Optional<Map<String, PortKeys.OutputKeys>> outputs) {
      return new CsvOptions(
          label.map(List::of).orElseGet(() -> targets.orElse(List.of())),
          label.isPresent() ? CsvOptions.LabelKind.CLASS : CsvOptions.LabelKind.NUMBER,
          features,
          classes,
          SourceKeys.delimiter(delimiter),
          header,
          shape,
          reconstruct,
          weight.map(name -> new Weight(name, false)).orElse(Weight.NONE),
          PortKeys.inputs(inputs),
          PortKeys.outputs(outputs));
    }

    static CsvKeys of(CsvSource source) {
      CsvOptions options = source.options();
      boolean numbers = options.labelKind() == CsvOptions.LabelKind.NUMBER;
      return new CsvKeys(
          source.path(),
          numbers ? Optional.empty() : Optional.of(options.labels().get(0)),
          numbers && !options.labels().isEmpty() ? Optional.of(options.labels()) : Optional.empty(),
          options.features(),
          options.classes(),
          SourceKeys.delimiter(options.delimiter()),
          options.header(),
          options.shape(),
          options.reconstruct(),
          options.weight().named() ? Optional.of(options.weight().column()) : Optional.empty(),
          options.inputs().isEmpty()
              ? Optional.empty()
              : Optional.of(PortKeys.InputKeys.of(options.inputs())),
          options.outputs().isEmpty()
              ? Optional.empty()
              : Optional.of(PortKeys.OutputKeys.of(options.outputs())));
    }
  }
}
