package io.lockstep.plan;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Vocabulary;
import java.util.Optional;

/**
 * The keys that all sources of text have, by the names of Keras' TextVectorization.
 *
 * @param tokens what a token is
 * @param standardize what is done to a text first
 * @param unicode normal form of Unicode
 * @param maxTokens size of the vocabulary at most
 * @param minCount how often a token must come to be in it
 * @param maxLength tokens of a text that are kept
 * @param truncate whether longer texts are cut
 */
record TokenKeys(
    Tokenizer.Unit tokens,
    Standardize standardize,
    Tokenizer.Unicode unicode,
    int maxTokens,
    int minCount,
    Optional<Integer> maxLength,
    Optional<Boolean> truncate) {
  /** What is done to a text before it is cut, as users say it. */
  enum Standardize {
    AUTO,
    LOWER_AND_STRIP_PUNCTUATION,
    LOWER,
    STRIP_PUNCTUATION,
    NONE
  }

  /** Declares the keys at the end of a section. */
  static <T extends Record> Section.Builder<T> declare(Section.Builder<T> section, String unit) {
    return section
        .key(
            "tokens",
            choice(Tokenizer.Unit.class),
            unit,
            "`word`: what stands between white space; `character`: a code point of Unicode.")
        .key(
            "standardize",
            choice(Standardize.class),
            "auto",
            "What is done to a text first: `lowerAndStripPunctuation`, `lower`, `stripPunctuation`"
                + " or `none`; `auto` is the first for words, as in Keras, and the last for"
                + " characters.")
        .key(
            "unicode",
            choice(Tokenizer.Unicode.class),
            "nfc",
            "Normal form of Unicode, so that the same text is the same tokens however it was typed;"
                + " `nfkc` also makes ligatures and full-width letters plain ones.")
        .key(
            "maxTokens",
            integer(Vocabulary.RESERVED + 1, Vocabulary.MOST),
            String.valueOf(Vocabulary.MOST),
            "Size of the vocabulary at most: padding (0), unknown tokens (1), then the most"
                + " frequent of the training part.")
        .key(
            "minCount",
            integer(1),
            "1",
            "How often a token must come in the training part to be in the vocabulary.");
  }

  /** Declares the last keys, of sources whose examples have lengths of their own. */
  static <T extends Record> Section.Builder<T> maxLength(Section.Builder<T> section) {
    return section
        .optional(
            "maxLength",
            integer(1),
            "Tokens of a text that are kept, from its beginning; all, if it is not given.")
        .optional(
            "truncate",
            bool(),
            "`false`: a text longer than `maxLength` is not cut but a bad record, which"
                + " `data.badRecords` is about.");
  }

  static Type<String> encoding() {
    return text(
        "encoding",
        name -> {
          try {
            new TextEncoding(name);
            return Optional.empty();
          } catch (InputException e) {
            return Optional.of(e.getMessage().substring(e.getMessage().indexOf(": ") + 2));
          }
        });
  }

  static TokenKeys of(TextOptions options) {
    Tokenizer tokenizer = options.tokenizer();
    return new TokenKeys(
        tokenizer.unit(),
        Standardize.valueOf(tokenizer.standardize().name()),
        tokenizer.unicode(),
        options.maxTokens(),
        options.minCount(),
        options.maxLength() == TextOptions.WHOLE
            ? Optional.empty()
            : Optional.of(options.maxLength()),
        options.truncate() ? Optional.empty() : Optional.of(false));
  }

  TextOptions options() {
    return new TextOptions(
        new Tokenizer(tokens, standardized(), unicode),
        maxTokens,
        minCount,
        maxLength.orElse(TextOptions.WHOLE),
        truncate.orElse(true),
        false);
  }

  private Tokenizer.Standardize standardized() {
    if (standardize != Standardize.AUTO) {
      return Tokenizer.Standardize.valueOf(standardize.name());
    }
    return tokens == Tokenizer.Unit.WORD
        ? Tokenizer.Standardize.LOWER_AND_STRIP_PUNCTUATION
        : Tokenizer.Standardize.NONE;
  }
}
