package io.lockstep.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a string into token ids: what a model of text needs beside its weights. Immutable.
 *
 * @param tokenizer cuts texts
 * @param vocabulary fitted on the training part
 * @param maxLength tokens that a text has at most
 * @param truncate whether longer texts keep their beginning where examples are read; else they are
 *     no examples there
 */
public record TextVectorization(
    Tokenizer tokenizer, Vocabulary vocabulary, int maxLength, boolean truncate)
    implements Serializable {
  private static final int VERSION = 1;

  /** Of longer texts the first {@code maxLength} tokens are kept. */
  public TextVectorization(Tokenizer tokenizer, Vocabulary vocabulary, int maxLength) {
    this(tokenizer, vocabulary, maxLength, true);
  }

  /** What a model needs whose texts were read with {@code options}. */
  public static TextVectorization of(TextOptions options, Vocabulary vocabulary) {
    return new TextVectorization(
        options.tokenizer(), vocabulary, options.maxLength(), options.truncate());
  }

  /** Ids of a text as a user has it, at most {@code maxLength}. */
  public int[] ids(String text) {
    String kept = tokenizer.truncated(tokenizer.standardized(text), maxLength);
    byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
    return new Lookup(this).ids(bytes, 0, bytes.length);
  }

  /** The text of some ids: words with blanks between them; reserved ids by their names. */
  public String text(int... ids) {
    List<String> tokens = Arrays.stream(ids).mapToObj(vocabulary::token).toList();
    return String.join(tokenizer.unit() == Tokenizer.Unit.WORD ? " " : "", tokens);
  }

  /** How texts are read for the same model. */
  public TextOptions options(boolean nextToken) {
    return new TextOptions(tokenizer, Vocabulary.MOST, 1, maxLength, truncate, nextToken);
  }

  /** Returns all that {@link #fromJson} needs. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    json.setAll(tokenizer.toJson());
    if (maxLength != TextOptions.WHOLE) {
      json.put("maxLength", maxLength);
    }
    if (!truncate) {
      json.put("truncate", false);
    }
    json.set("vocabulary", vocabulary.toJson());
    return json;
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws InputException if it is damaged, or of a later version
   */
  public static TextVectorization fromJson(JsonNode json) {
    if (json.path("version").asInt() != VERSION) {
      throw new InputException(
          "Text is prepared by a vocabulary of version %s, this Lockstep reads version %d. Read it"
                  .formatted(json.path("version"), VERSION)
              + " with the Lockstep that wrote it, or train again.");
    }
    JsonNode most = json.path("maxLength");
    if (!most.isMissingNode() && !(most.isInt() && most.asInt() > 0)) {
      throw new InputException(
          "The length of texts is %s, which must be above 0: the file is damaged or from elsewhere."
              .formatted(most));
    }
    return new TextVectorization(
        Tokenizer.fromJson(json),
        Vocabulary.fromJson(json.path("vocabulary")),
        most.isMissingNode() ? TextOptions.WHOLE : most.asInt(),
        most.isMissingNode() || json.path("truncate").asBoolean(true));
  }

  /** Ids of many texts, quickly. Not thread-safe. */
  public static final class Lookup {
    /** Characters below this have their ids in a table. */
    private static final int TABLE = 1 << 16;

    private final Tokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final int[] byCharacter;
    private int[] ids = new int[256];

    /** For one model. */
    public Lookup(TextVectorization text) {
      tokenizer = text.tokenizer;
      vocabulary = text.vocabulary;
      byCharacter = tokenizer.unit() == Tokenizer.Unit.CHARACTER ? table(vocabulary) : null;
    }

    private static int[] table(Vocabulary vocabulary) {
      int[] table = new int[TABLE];
      Arrays.fill(table, Vocabulary.UNKNOWN);
      for (String token : vocabulary.tokens()) {
        int character = token.codePointAt(0);
        if (character < TABLE) {
          table[character] = vocabulary.id(token);
        }
      }
      return table;
    }

    /** Ids of the bytes {@code from} to {@code to - 1}, the UTF-8 of a standardised text. */
    public int[] ids(byte[] text, int from, int to) {
      int count = 0;
      for (int at = from; at < to; at = tokenizer.next(text, at, to)) {
        if (count == ids.length) {
          ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id(text, at, tokenizer.end(text, at, to));
      }
      return Arrays.copyOf(ids, count);
    }

    private int id(byte[] text, int from, int to) {
      if (byCharacter != null) {
        int character = Utf8.codePoint(text, from, to);
        if (character < TABLE) {
          return byCharacter[character];
        }
      }
      return vocabulary.id(new String(text, from, to - from, StandardCharsets.UTF_8));
    }
  }
}
