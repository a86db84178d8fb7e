package io.lockstep.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.data.InputException;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of tokens, and the way of a vocabulary into a model's card and back. */
class VocabularyTest {
  private static final Tokenizer WORDS =
      new Tokenizer(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION, Unicode.NFC);
  private static final TextVectorization TEXT =
      new TextVectorization(WORDS, new Vocabulary(List.of("the", "cat", "😀")), 4);

  @Test
  void idsBeginAfterPaddingAndUnknown() {
    assertThat(TEXT.vocabulary().size()).isEqualTo(5);
    assertThat(TEXT.ids("The dog, the CAT 😀 the")).containsExactly(2, 1, 2, 3);
    assertThat(TEXT.text(2, 1, 4, 0)).isEqualTo("the [UNK] 😀 [PAD]");
  }

  @Test
  void charactersHaveIdsToo() {
    var text =
        new TextVectorization(
            new Tokenizer(Unit.CHARACTER, Standardize.NONE, Unicode.NFC),
            new Vocabulary(List.of("a", "😀", "字")),
            TextOptions.WHOLE);
    assertThat(text.ids("字a😀x😁")).containsExactly(4, 2, 3, 1, 1);
    assertThat(text.text(4, 2)).isEqualTo("字a");
  }

  @Test
  void namesCanBeSeen() {
    assertThat(new Vocabulary(List.of(" ", "\n", "e", "\u3000", "\u200B")).names())
        .containsExactly("[PAD]", "[UNK]", "[space]", "\\n", "e", "U+3000", "U+200B");
  }

  @Test
  void comesBackFromItsJson() throws IOException {
    JsonNode json = new ObjectMapper().readTree(TEXT.toJson().toString());
    assertThat(TextVectorization.fromJson(json)).isEqualTo(TEXT);
    var whole = new TextVectorization(WORDS, TEXT.vocabulary(), TextOptions.WHOLE);
    assertThat(TextVectorization.fromJson(whole.toJson())).isEqualTo(whole);
    var strict = new TextVectorization(WORDS, TEXT.vocabulary(), 7, false);
    assertThat(TextVectorization.fromJson(strict.toJson())).isEqualTo(strict);
  }

  @Test
  void travelsAsBytesAndIsReadThere() throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(TEXT);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var read = (TextVectorization) in.readObject();
      assertThat(read).isEqualTo(TEXT);
      assertThat(read.ids("cat")).containsExactly(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"version\":2}",
        "{}",
        "{\"tokens\":\"SYLLABLE\"}",
        "{\"maxLength\":0}",
        "{\"maxLength\":\"four\"}",
        "{\"vocabulary\":\"abc\"}",
        "{\"vocabulary\":[1,2]}",
        "{\"vocabulary\":[\"a\",\"a\"]}",
        "{\"vocabulary\":[\"\"]}",
        "{\"vocabulary\":[\"\\ud800\"]}"
      })
  void refusesWhatIsDamaged(String change) throws IOException {
    var json = TEXT.toJson();
    JsonNode changed = new ObjectMapper().readTree(change);
    if (changed.isEmpty()) {
      json.removeAll();
    }
    changed.properties().forEach(field -> json.set(field.getKey(), field.getValue()));
    assertThatThrownBy(() -> TextVectorization.fromJson(json)).isInstanceOf(InputException.class);
  }
}
