package io.lockstep.plan;

import static io.lockstep.config.Types.anyText;
import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.byName;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.oneOf;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.CsvDialect;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvOptions.LabelKind;
import io.lockstep.data.source.csv.CsvOptions.Weight;
import io.lockstep.data.source.csv.CsvSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A table as text, as users see it. */
record CsvKeys(
    String path,
    Optional<String> label,
    Optional<List<String>> targets,
    List<String> features,
    Optional<List<String>> exclude,
    List<String> classes,
    String delimiter,
    boolean header,
    Optional<String> quote,
    Optional<String> decimal,
    Optional<String> thousands,
    Optional<String> comment,
    Optional<Integer> skip,
    Optional<String> encoding,
    Optional<List<String>> missing,
    Optional<Boolean> ragged,
    Optional<Map<String, String>> aliases,
    List<Integer> shape,
    boolean reconstruct,
    Optional<String> weight,
    Optional<Map<String, PortKeys.InputKeys>> inputs,
    Optional<Map<String, PortKeys.OutputKeys>> outputs) {
  private static final String DELIMITER =
      "Between values: one or several characters, `tab`, or `blanks` for runs of blanks.";

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
    if (exclude.isPresent() && !features.isEmpty()) {
      throw new InputException(
          "exclude: is for all columns but some; those under features are named already");
    }
    checkDialect(delimiter, quote, decimal, thousands);
    // Checks the rest.
    options(label, targets, features, classes, header, shape, reconstruct, weight, inputs, outputs);
  }

  static Section<CsvKeys> section() {
    Type<List<String>> columns = listOf(text(), "columns");
    return Section.of(
            CsvKeys.class,
            "A table as text, plain or packed by gzip, bzip2 or zstd. A column is named as in the"
                + " header, or by its number from 0; lists of columns may also have ranges (`5-9`)"
                + " and patterns (`temp_*`).")
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
        .optional(
            "exclude", oneOrMore(text(), "columns"), "Columns that are no features, of all others.")
        .key(
            "classes",
            listOf(text(), "names"),
            "[]",
            "Names of the classes in label order; `[]` collects and sorts them from the file.")
        .key("delimiter", between(), "','", DELIMITER)
        .key("header", bool(), "true", SourceKeys.HEADER)
        .optional(
            "quote",
            anyText(),
            "Around values that hold a delimiter or a line end; `''` for none. Default `\"`.")
        .optional("decimal", oneOf(List.of(".", ",")), "Decimal mark. Default `.`.")
        .optional("thousands", text(), "Mark between groups of three digits, such as `.` or `' '`.")
        .optional("comment", text(), "What lines begin with that are to be ignored, such as `#`.")
        .optional(
            "skip",
            integer(1),
            "Lines at the beginning of each file that are no part of the table.")
        .optional(
            "encoding",
            TokenKeys.encoding(),
            "Such as `latin-1`, `windows-1252` or `utf-16`. Without it UTF-8, or UTF-16 where a"
                + " byte order mark says so.")
        .optional(
            "missing",
            oneOrMore(anyText(), "texts"),
            "How missing values are written: `['?', NA, -999]`. An empty value is missing in any"
                + " case.")
        .optional(
            "ragged",
            bool(),
            "Whether rows may have fewer values than there are columns, the others being missing,"
                + " or end with delimiters more. Default false.")
        .optional(
            "aliases",
            byName(text(), "a text"),
            "Labels and words that are written otherwise than they are meant: `{'<=50K.':"
                + " '<=50K'}`.")
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

  private static Type<String> between() {
    return text(
        "characters, tab or blanks",
        value ->
            value.isEmpty()
                ? Optional.of("must be characters, tab or blanks, but is ''")
                : Optional.empty());
  }

  private static void checkDialect(
      String delimiter,
      Optional<String> quote,
      Optional<String> decimal,
      Optional<String> thousands) {
    try {
      new CsvDialect(
          delimiterOf(delimiter),
          quote.orElse("\""),
          decimal.orElse(".").charAt(0),
          thousands.orElse(""),
          "",
          0,
          "",
          List.of(),
          false,
          Map.of());
    } catch (InputException e) {
      throw new InputException("delimiter: " + e.getMessage(), e);
    }
  }

  private static String delimiterOf(String word) {
    return switch (word) {
      case "tab" -> "\t";
      case "blanks" -> CsvDialect.BLANKS;
      default -> word;
    };
  }

  private static String wordOf(String delimiter) {
    return switch (delimiter) {
      case "\t" -> "tab";
      case CsvDialect.BLANKS -> "blanks";
      default -> delimiter;
    };
  }

  private CsvDialect dialect() {
    return new CsvDialect(
        delimiterOf(delimiter),
        quote.orElse("\""),
        decimal.orElse(".").charAt(0),
        thousands.orElse(""),
        comment.orElse(""),
        skip.orElse(0),
        encoding.orElse(""),
        missing.orElse(List.of()),
        ragged.orElse(false),
        aliases.orElse(Map.of()));
  }

  CsvSource source() {
    CsvOptions options =
        options(
            label, targets, features, classes, header, shape, reconstruct, weight, inputs, outputs);
    return new CsvSource(path, options.without(exclude.orElse(List.of())).with(dialect()));
  }

  private static CsvOptions options(
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      List<String> classes,
      boolean header,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs) {
    return new CsvOptions(
        label.map(List::of).orElseGet(() -> targets.orElse(List.of())),
        label.isPresent() ? LabelKind.CLASS : LabelKind.NUMBER,
        features,
        classes,
        ',',
        header,
        shape,
        reconstruct,
        weight.map(name -> new Weight(name, false)).orElse(Weight.NONE),
        PortKeys.inputs(inputs),
        PortKeys.outputs(outputs));
  }

  static CsvKeys of(CsvSource source) {
    CsvOptions options = source.options();
    CsvDialect dialect = options.dialect();
    boolean numbers = options.labelKind() == LabelKind.NUMBER;
    return new CsvKeys(
        source.path(),
        numbers ? Optional.empty() : Optional.of(options.labels().get(0)),
        numbers && !options.labels().isEmpty() ? Optional.of(options.labels()) : Optional.empty(),
        options.features(),
        given(options.exclude()),
        options.classes(),
        wordOf(dialect.delimiter()),
        options.header(),
        dialect.quote().equals("\"") ? Optional.empty() : Optional.of(dialect.quote()),
        dialect.decimal() == '.' ? Optional.empty() : Optional.of(","),
        SourceKeys.given(dialect.thousands()),
        SourceKeys.given(dialect.comment()),
        dialect.skip() == 0 ? Optional.empty() : Optional.of(dialect.skip()),
        SourceKeys.given(dialect.encoding()),
        given(dialect.missing()),
        dialect.ragged() ? Optional.of(true) : Optional.empty(),
        dialect.aliases().isEmpty()
            ? Optional.empty()
            : Optional.of(new TreeMap<>(dialect.aliases())),
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

  private static Optional<List<String>> given(List<String> words) {
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }
}
