package io.lockstep.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What Keras' TextVectorization does with ASCII, for all of Unicode. */
class TokenizerTest {
  private static List<String> words(Standardize standardize, String text) {
    return new Tokenizer(Unit.WORD, standardize, Unicode.NFC).tokens(text);
  }

  private static List<String> characters(Unicode unicode, String text) {
    return new Tokenizer(Unit.CHARACTER, Standardize.NONE, unicode).tokens(text);
  }

  /** Every character of Keras' DEFAULT_STRIP_REGEX, one after the other. */
  @Test
  void lowersAndStripsAsKerasDoes() {
    assertThat(words(Standardize.LOWER_AND_STRIP_PUNCTUATION, "Don't  stop: it's\tTHE \"end\"!\n"))
        .containsExactly("dont", "stop", "its", "the", "end");
    assertThat(words(Standardize.STRIP_PUNCTUATION, "a!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'B"))
        .containsExactly("aB");
    assertThat(words(Standardize.LOWER, "Don't.")).containsExactly("don't.");
    assertThat(words(Standardize.NONE, "Don't.")).containsExactly("Don't.");
  }

  @Test
  void knowsLettersPunctuationAndBlanksOfOtherScripts() {
    assertThat(
            words(
                Standardize.LOWER_AND_STRIP_PUNCTUATION,
                "«ÄRGER»\u00A0— ¿Qué? ΣΊΣΥΦΟΣ。 ١٢\u3000И́мя"))
        .containsExactly("ärger", "qué", "σίσυφος", "١٢", "и́мя");
  }

  @Test
  void charactersAreCodePoints() {
    assertThat(characters(Unicode.NFC, "a😀\n字")).containsExactly("a", "😀", "\n", "字");
  }

  @Test
  void theSameTextIsTheSameTokensHoweverItWasTyped() {
    String composed = "é";
    String decomposed = "e\u0301";
    assertThat(characters(Unicode.NFC, decomposed)).containsExactly(composed);
    assertThat(characters(Unicode.NONE, decomposed)).containsExactly("e", "\u0301");
    assertThat(characters(Unicode.NFKC, "ﬁＡ")).containsExactly("f", "i", "A");
  }

  /** J with a caron is two characters, its small letter one. */
  @Test
  void staysInItsFormWhenItIsLowered() {
    assertThat(words(Standardize.LOWER, "J\u030C")).containsExactly("\u01F0");
  }

  @Test
  void nothingIsLeftOfBlanksAndPunctuation() {
    assertThat(words(Standardize.LOWER_AND_STRIP_PUNCTUATION, " ... \u2003!? ")).isEmpty();
  }

  @Test
  void countsAndTruncatesAsItCuts() {
    var random = new SplittableRandom(7);
    for (int trial = 0; trial < 300; trial++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(List.of("a", "É", " ", "  ", "😀", ",", "\n").get(random.nextInt(7)));
      }
      for (Unit unit : Unit.values()) {
        var tokenizer = new Tokenizer(unit, Standardize.LOWER, Unicode.NFC);
        String standard = tokenizer.standardized(text.toString());
        List<String> tokens = tokenizer.tokens(text.toString());
        assertThat(tokenizer.standardized(standard)).isEqualTo(standard);
        assertThat(tokenizer.count(standard)).isEqualTo(tokens.size());
        for (int most = 1; most < 14; most++) {
          assertThat(tokenizer.tokens(tokenizer.truncated(standard, most)))
              .isEqualTo(tokens.subList(0, Math.min(most, tokens.size())));
        }
      }
    }
  }
}
