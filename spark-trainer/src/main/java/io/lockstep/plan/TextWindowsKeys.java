package io.lockstep.plan;

import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.text.TextWindowsSource;
import io.lockstep.data.text.Tokenizer;
import java.util.Optional;

/** Windows of running text, as users see them. */
record TextWindowsKeys(
    String path,
    int length,
    Optional<Integer> stride,
    String encoding,
    Tokenizer.Unit tokens,
    TokenKeys.Standardize standardize,
    Tokenizer.Unicode unicode,
    int maxTokens,
    int minCount) {
  static Section<TextWindowsKeys> section() {
    return TokenKeys.declare(
            Section.of(
                    TextWindowsKeys.class,
                    "Running text for a language model, in windows: at each token the label is the"
                        + " one after it.")
                .required(
                    "path",
                    text(),
                    "A file, a folder or a glob; each file is a text of its own. Any Hadoop path,"
                        + " or a shipped file such as `embedded:shakespeare-train.txt`.")
                .key("length", integer(1, 1_000_000), "100", "Tokens of a window.")
                .optional(
                    "stride",
                    integer(1),
                    "Tokens from the beginning of a window to that of the next; `length`, if it is"
                        + " not given. The rest of a text is a shorter window.")
                .key("encoding", TokenKeys.encoding(), "utf-8", SourceKeys.ENCODING),
            "character")
        .build();
  }

  TextWindowsSource source() {
    return new TextWindowsSource(
        path,
        length,
        stride.orElse(length),
        new TextEncoding(encoding),
        new TokenKeys(
                tokens,
                standardize,
                unicode,
                maxTokens,
                minCount,
                Optional.empty(),
                Optional.empty())
            .options());
  }

  static TextWindowsKeys of(TextWindowsSource source) {
    TokenKeys keys = TokenKeys.of(source.text());
    return new TextWindowsKeys(
        source.path(),
        source.length(),
        Optional.of(source.stride()),
        source.encoding().name(),
        keys.tokens(),
        keys.standardize(),
        keys.unicode(),
        keys.maxTokens(),
        keys.minCount());
  }
}
