package io.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.data.source.text.TextDirectorySource;
import io.lockstep.data.source.text.TextLinesSource;
import io.lockstep.data.source.text.TextWindowsSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources of text in a plan. */
class TextKeysTest {
  private static final Tokenizer WORDS =
      new Tokenizer(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION, Unicode.NFC);
  private static final Tokenizer CHARACTERS =
      new Tokenizer(Unit.CHARACTER, Standardize.NONE, Unicode.NFC);

  private static final Map<String, ExampleSource> SOURCES =
      Map.of(
          "{textCsv: {path: a.tsv, text: t, label: y, delimiter: tab, maxTokens: 9, maxLength: 5}}",
          new TextCsvSource(
              "a.tsv",
              CsvOptions.classes("y").withFeatures("t").withDelimiter('\t'),
              TextEncoding.UTF_8,
              new TextOptions(WORDS, 9, 1, 5, false)),
          "{textLines: {path: d, tokens: character, encoding: latin-1, classes: [a, b]}}",
          new TextLinesSource(
              "d", List.of("a", "b"), new TextEncoding("latin-1"), TextOptions.of(CHARACTERS)),
          "{textDirectory: {path: d, standardize: lower, unicode: nfkc, minCount: 3}}",
          new TextDirectorySource(
              "d",
              List.of(),
              TextEncoding.UTF_8,
              new TextOptions(
                  new Tokenizer(Unit.WORD, Standardize.LOWER, Unicode.NFKC),
                  1_000_000,
                  3,
                  TextOptions.WHOLE,
                  false)),
          "{textWindows: {path: b.txt, length: 7}}",
          new TextWindowsSource("b.txt", 7, 7, TextEncoding.UTF_8, TextOptions.of(CHARACTERS)));

  @Test
  void areReadAndWrittenAgain() {
    SOURCES.forEach(
        (text, source) -> {
          assertThat(SourceParser.parse(text, "here")).isEqualTo(source);
          Plan plan =
              PlanBuilder.named("p")
                  .train(source)
                  .layers("dense: {units: 2}")
                  .loss("mse")
                  .optimizer("adam")
                  .build();
          assertThat(plan.data().train()).isEqualTo(source);
        });
  }

  /** A plan that says nothing of bad records keeps the fingerprint that it always had. */
  @Test
  void whatBecomesOfBadRecordsIsPartOfThePlan() {
    PlanBuilder words =
        PlanBuilder.named("p")
            .train("textLines: {path: d, maxLength: 7}")
            .layers("embedding: 2", "lstm: 2", "dense: {activation: softmax}")
            .loss("categoricalCrossentropy")
            .optimizer("adam");
    Plan silent = words.build();
    assertThat(silent.toYaml()).doesNotContain("badRecords", "truncate");
    Plan skipping =
        words
            .train("textLines: {path: d, maxLength: 7, truncate: false}")
            .set("data.badRecords", "skip")
            .build();
    assertThat(skipping.data().badRecords()).contains(BadRecords.SKIP);
    assertThat(((TextLinesSource) skipping.data().train()).text().truncate()).isFalse();
    assertThat(PlanParser.parse(skipping.toYaml(), "p.yaml", List.of())).isEqualTo(skipping);
    assertThat(PlanFingerprint.differences(silent, skipping))
        .containsExactly(
            "data.badRecords: absent, now skip",
            "data.train.textLines.truncate: absent, now false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{textLines: {path: d, encoding: klingon}}|textLines.encoding is 'klingon', which is not"
            + " known",
        "{textLines: {path: d, maxTokens: 2}}|textLines.maxTokens must be",
        "{textWindows: {path: d, length: 0}}|textWindows.length must be",
        "{textWindows: {path: d, maxLength: 9}}|maxLength is not a key",
        "{textCsv: {path: d, text: t}}|textCsv.label is missing",
        "{textLines: {path: d, truncate: false}}|textLines.truncate says what becomes of texts"
            + " longer",
        "{text: {path: d}}|say how it lies: textCsv, textLines"
      })
  void mistakesAreNamed(String text, String message) {
    assertThatThrownBy(() -> SourceParser.parse(text, "here"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
