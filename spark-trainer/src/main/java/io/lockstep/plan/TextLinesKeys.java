package io.lockstep.plan;

import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.text.TextDirectorySource;
import io.lockstep.data.source.text.TextLinesSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/** Texts whose classes are names of files or of folders, as users see them. */
record TextLinesKeys(
    String path,
    List<String> classes,
    String encoding,
    Tokenizer.Unit tokens,
    TokenKeys.Standardize standardize,
    Tokenizer.Unicode unicode,
    int maxTokens,
    int minCount,
    Optional<Integer> maxLength,
    Optional<Boolean> truncate) {
  TextLinesKeys {
    new TokenKeys(tokens, standardize, unicode, maxTokens, minCount, maxLength, truncate).options();
  }

  static Section<TextLinesKeys> lines() {
    return section(
        "Lines of text, one file for each class: its name without ending is the class.",
        "A folder, or a glob such as `names/*.txt`; any Hadoop path.",
        "files");
  }

  static Section<TextLinesKeys> directory() {
    return section(
        "Files of text, each an example, one folder for each class, as in Keras'"
            + " `text_dataset_from_directory`.",
        "The folder that holds the folders; any Hadoop path.",
        "folders");
  }

  private static Section<TextLinesKeys> section(String doc, String path, String named) {
    return TokenKeys.maxLength(
            TokenKeys.declare(
                Section.of(TextLinesKeys.class, doc)
                    .required("path", text(), path)
                    .key(
                        "classes",
                        listOf(text(), "names"),
                        "[]",
                        "Names of the classes in label order; `[]` sorts those of the "
                            + named
                            + ".")
                    .key("encoding", TokenKeys.encoding(), "utf-8", SourceKeys.ENCODING),
                "word"))
        .build();
  }

  private TextOptions options() {
    return new TokenKeys(tokens, standardize, unicode, maxTokens, minCount, maxLength, truncate)
        .options();
  }

  TextLinesSource linesSource() {
    return new TextLinesSource(path, classes, new TextEncoding(encoding), options());
  }

  TextDirectorySource directorySource() {
    return new TextDirectorySource(path, classes, new TextEncoding(encoding), options());
  }

  static TextLinesKeys of(TextLinesSource source) {
    return of(source.path(), source.classes(), source.encoding(), source.text());
  }

  static TextLinesKeys of(TextDirectorySource source) {
    return of(source.path(), source.classes(), source.encoding(), source.text());
  }

  private static TextLinesKeys of(
      String path, List<String> classes, TextEncoding encoding, TextOptions text) {
    TokenKeys keys = TokenKeys.of(text);
    return new TextLinesKeys(
        path,
        classes,
        encoding.name(),
        keys.tokens(),
        keys.standardize(),
        keys.unicode(),
        keys.maxTokens(),
        keys.minCount(),
        keys.maxLength(),
        keys.truncate());
  }
}
