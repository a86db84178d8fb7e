package io.lockstep.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lockstep.data.InputException;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens that a model knows, and their ids: 0 for padding, 1 for all unknown ones, then the
 * most frequent first; of equally frequent ones the smaller by code points. Immutable.
 *
 * <p>It travels with every task that may make a block again, but few ask for a token: so it is kept
 * as one array of bytes, and read at the first question.
 */
public final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The id that pads sequences. */
  public static final int PADDING = 0;

  /** The id of every token that is not in the vocabulary. */
  public static final int UNKNOWN = 1;

  /** Ids that are no tokens. */
  public static final int RESERVED = 2;

  /** More tokens than any network here could have embeddings for. */
  public static final int MOST = 1_000_000;

  private static final byte END = (byte) 0xFF;

  private final byte[] encoded; // tokens in UTF-8, each ended by what is never in UTF-8
  private transient volatile Index index;

  private record Index(List<String> tokens, Map<String, Integer> ids) {}

  /**
   * @param tokens without the reserved ones, in the order of their ids; none is empty or comes
   *     twice
   */
  public Vocabulary(List<String> tokens) {
    index = index(tokens);
    var bytes = new ByteArrayOutputStream();
    for (String token : tokens) {
      bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
      bytes.write(END);
    }
    encoded = bytes.toByteArray();
  }

  private static Index index(List<String> tokens) {
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    for (String token : tokens) {
      if (token.isEmpty() || ids.put(token, RESERVED + ids.size()) != null) {
        throw new IllegalArgumentException("token '" + token + "' is empty or comes twice");
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(token)) {
        throw new IllegalArgumentException("a token is half a character");
      }
    }
    return new Index(List.copyOf(tokens), ids);
  }

  private Index index() {
    Index known = index;
    if (known == null) {
      List<String> tokens = new ArrayList<>();
      int from = 0;
      for (int at = 0; at < encoded.length; at++) {
        if (encoded[at] == END) {
          tokens.add(new String(encoded, from, at - from, StandardCharsets.UTF_8));
          from = at + 1;
        }
      }
      known = index(tokens);
      index = known;
    }
    return known;
  }

  /** Number of ids: the tokens and the two reserved ones. */
  public int size() {
    return RESERVED + tokens().size();
  }

  /** The id of a token. */
  public int id(String token) {
    return index().ids().getOrDefault(token, UNKNOWN);
  }

  /** Whether a token has an id of its own. */
  public boolean knows(String token) {
    return index().ids().containsKey(token);
  }

  /** The token of an id; of a reserved one its name. */
  public String token(int id) {
    return id == PADDING ? "[PAD]" : id == UNKNOWN ? "[UNK]" : tokens().get(id - RESERVED);
  }

  /** The tokens without the reserved ones, from id 2 on. */
  public List<String> tokens() {
    return index().tokens();
  }

  /** Names of all ids for people, {@code [size]}: what cannot be seen is written out. */
  public List<String> names() {
    return IntStream.range(0, size()).mapToObj(this::token).map(Vocabulary::visible).toList();
  }

  private static String visible(String token) {
    // Within words of some scripts there are format characters, which belong to them.
    boolean alone = token.codePointCount(0, token.length()) == 1;
    if (token.codePoints().noneMatch(each -> isHidden(each, alone))) {
      return token;
    }
    var text = new StringBuilder();
    token
        .codePoints()
        .forEach(
            each -> {
              switch (each) {
                case ' ' -> text.append("[space]");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                  if (isHidden(each, alone)) {
                    text.append("U+%04X".formatted(each));
                  } else {
                    text.appendCodePoint(each);
                  }
                }
              }
            });
    return text.toString();
  }

  private static boolean isHidden(int character, boolean alone) {
    int type = Character.getType(character);
    return Tokenizer.isSpace(character)
        || type == Character.CONTROL
        || (alone && type == Character.FORMAT);
  }

  /** Returns all that {@link #fromJson} needs. */
  ArrayNode toJson() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    tokens().forEach(json::add);
    return json;
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws InputException if it is no vocabulary
   */
  static Vocabulary fromJson(JsonNode json) {
    if (!json.isArray() || json.size() > MOST) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "The vocabulary is no list of at most %,d tokens: the file is damaged or from"
                  + " elsewhere.",
              MOST));
    }
    for (JsonNode token : json) {
      if (!token.isTextual()) {
        throw new InputException(
            "The vocabulary holds %s, which is no token: the file is damaged or from elsewhere."
                .formatted(token));
      }
    }
    try {
      List<String> tokens = new ArrayList<>();
      json.forEach(token -> tokens.add(token.asText()));
      return new Vocabulary(tokens);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "The vocabulary is damaged (%s): the file is damaged or from elsewhere."
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return "Vocabulary[" + size() + " ids]";
  }
}
