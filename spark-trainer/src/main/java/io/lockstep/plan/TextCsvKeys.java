package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.listOf;

import io.lockstep.config.Section;
import io.lockstep.config.Types;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.data.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/** Texts in a column of a table, as users see them. */
record TextCsvKeys(
    String path,
    String text,
    String label,
    List<String> classes,
    String delimiter,
    boolean header,
    String encoding,
    Tokenizer.Unit tokens,
    TokenKeys.Standardize standardize,
    Tokenizer.Unicode unicode,
    int maxTokens,
    int minCount,
    Optional<Integer> maxLength,
    Optional<Boolean> truncate) {
  TextCsvKeys {
    new TokenKeys(tokens, standardize, unicode, maxTokens, minCount, maxLength, truncate).options();
  }

  static Section<TextCsvKeys> section() {
    return TokenKeys.maxLength(
            TokenKeys.declare(
                Section.of(
                        TextCsvKeys.class,
                        "Texts in a column of a table as CSV or TSV, each of a class. A column is"
                            + " named as in the header, or by its number from 0.")
                    .required(
                        "path",
                        Types.text(),
                        "A file, a folder of part files, or a glob; any Hadoop path, or a shipped"
                            + " file such as `embedded:names-train.tsv`.")
                    .required("text", Types.text(), "Column with the texts.")
                    .required("label", Types.text(), "Column with each text's class.")
                    .key(
                        "classes",
                        listOf(Types.text(), "names"),
                        "[]",
                        "Names of the classes in label order; `[]` collects and sorts them.")
                    .key("delimiter", SourceKeys.delimiter(), "','", SourceKeys.DELIMITER)
                    .key("header", bool(), "true", SourceKeys.HEADER)
                    .key("encoding", TokenKeys.encoding(), "utf-8", SourceKeys.ENCODING),
                "word"))
        .build();
  }

  TextCsvSource source() {
    CsvOptions table =
        CsvOptions.classes(label)
            .withFeatures(text)
            .withClasses(classes)
            .withDelimiter(SourceKeys.delimiter(delimiter));
    return new TextCsvSource(
        path,
        header ? table : table.withoutHeader(),
        new TextEncoding(encoding),
        new TokenKeys(tokens, standardize, unicode, maxTokens, minCount, maxLength, truncate)
            .options());
  }

  static TextCsvKeys of(TextCsvSource source) {
    CsvOptions table = source.table();
    TokenKeys keys = TokenKeys.of(source.text());
    return new TextCsvKeys(
        source.path(),
        table.features().get(0),
        table.labels().get(0),
        table.classes(),
        SourceKeys.delimiter(table.dialect().delimiter().charAt(0)),
        table.header(),
        source.encoding().name(),
        keys.tokens(),
        keys.standardize(),
        keys.unicode(),
        keys.maxTokens(),
        keys.minCount(),
        keys.maxLength(),
        keys.truncate());
  }
}
