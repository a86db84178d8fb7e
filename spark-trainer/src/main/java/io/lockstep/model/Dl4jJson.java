package io.lockstep.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.lockstep.data.InputException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Looks through DL4J's JSON, which may come from a stranger, before DL4J's reader does.
 *
 * <p>That reader loads, and so runs, whatever class the file names: under {@code @class} and {@code
 * type}, and wherever it finds an array in place of an object, as the array's first text; it takes
 * {@code x.A<evil.B>} apart and trims blanks. So what stands under these two keys must be, letter
 * for letter, the name of a class in DL4J's packages of plain configuration, or of one of
 * Lockstep's layers; an array that mixes texts with anything else is refused; and every other text
 * that holds what could be a name with packages must be such a name too, except layer names. Size
 * and depth are bounded.
 */
final class Dl4jJson {
  /** Packages of plain configuration beans, without code of users. */
  private static final List<String> ALLOWED =
      List.of(
          "org.deeplearning4j.nn.conf.",
          "org.deeplearning4j.nn.weights.",
          "org.nd4j.linalg.activations.impl.",
          "org.nd4j.linalg.lossfunctions.impl.",
          "org.nd4j.linalg.learning.config.",
          "org.nd4j.linalg.learning.regularization.",
          "org.nd4j.linalg.schedule.");

  /** Lockstep's own layers, class by class. */
  private static final Set<String> OWN =
      Set.of(
          "io.lockstep.layers.GRU",
          "io.lockstep.layers.LayerNormalization",
          "io.lockstep.layers.ReverseTimeSeries");

  private static final List<String> REFUSED =
      List.of("org.deeplearning4j.nn.conf.layers.samediff.", "org.deeplearning4j.nn.conf.serde.");

  /** ASCII only: packages in small letters, then a class and its nested classes. */
  private static final Pattern CLASS =
      Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+(\\.[A-Z]\\w*)(\\$[A-Z]\\w*)*");

  /** What parts texts in which a name of a class may hide; more than Jackson's own. */
  private static final Pattern BETWEEN = Pattern.compile("[^.\\p{javaJavaIdentifierPart}]+");

  /** Texts in arrays, under these keys or one level below them, are no classes. */
  private static final Set<String> NAME_LISTS =
      Set.of(
          "networkInputs",
          "networkOutputs",
          "topologicalOrderStr",
          "variables",
          "params",
          "vertexInputs");

  /** What {@code type} may also be: the kinds of an InputType. */
  private static final Set<String> KINDS = Set.of("FF", "RNN", "CNN", "CNNFlat", "CNN3D");

  private static final int MAX_CHARACTERS = 8 << 20;
  private static final int MAX_DEPTH = 100;

  private final String path;

  private Dl4jJson(String path) {
    this.path = path;
  }

  /**
   * Checks {@code json}.
   *
   * @param path to name in messages
   * @return the keys at the top
   * @throws InputException if it is no JSON, too large, or names a class that is not DL4J's own
   */
  static Set<String> check(String path, String json) {
    return new Dl4jJson(path).check(json);
  }

  private Set<String> check(String json) {
    if (json.length() > MAX_CHARACTERS) {
      throw new InputException(
          "%s is larger than %,d characters: it is no network configuration"
              .formatted(path, MAX_CHARACTERS));
    }
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    Set<String> keys = new HashSet<>();
    try (JsonParser parser = factory.createParser(json)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.FIELD_NAME) {
          if (depth == 1) {
            keys.add(parser.currentName());
          }
          checkText(parser, parser.currentName());
        } else {
          checkValue(parser, token);
        }
      }
    } catch (IOException e) {
      throw new InputException(
          path + " is not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    return keys;
  }

  private void checkValue(JsonParser parser, JsonToken token) throws IOException {
    JsonStreamContext context = parser.getParsingContext();
    if (context.inArray() && token == JsonToken.VALUE_STRING) {
      if (!isListOfNames(context)) {
        throw refused(parser, "a list that holds the text '" + parser.getText() + "'");
      }
    } else if (token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT) {
      String key = context.inArray() ? null : keyOf(parser, token);
      if ("@class".equals(key) || "type".equals(key)) {
        checkClass(parser, token, key);
        return;
      }
      if ("layerName".equals(key) && token == JsonToken.VALUE_STRING) {
        return;
      }
    }
    if (token == JsonToken.VALUE_STRING) {
      checkText(parser, parser.getText());
    }
  }

  /** The key that the parser's value stands under; null at the top and within an array. */
  private static String keyOf(JsonParser parser, JsonToken token) {
    JsonStreamContext context = parser.getParsingContext();
    JsonStreamContext at = token.isStructStart() ? context.getParent() : context;
    return at == null ? null : at.getCurrentName();
  }

  /** Whether nothing but names of layers, vertices and parameters stands in an array. */
  private static boolean isListOfNames(JsonStreamContext array) {
    JsonStreamContext parent = array.getParent();
    String key = parent.getCurrentName();
    JsonStreamContext above = parent.getParent();
    String keyAbove = above == null ? null : above.getCurrentName();
    return (key != null && NAME_LISTS.contains(key)) || "vertexInputs".equals(keyAbove);
  }

  private void checkClass(JsonParser parser, JsonToken token, String key) throws IOException {
    String name = parser.getText();
    boolean kind = key.equals("type") && KINDS.contains(name);
    if (token != JsonToken.VALUE_STRING || !(kind || isAllowed(name))) {
      throw refused(parser, name);
    }
  }

  private void checkText(JsonParser parser, String text) {
    if (BETWEEN.splitAsStream(text).anyMatch(word -> mayNameAClass(word) && !isAllowed(word))) {
      throw refused(parser, text);
    }
  }

  /** Whether a word has packages; ND4J's own texts such as 1.0E-8 have none. */
  private static boolean mayNameAClass(String word) {
    String[] parts = word.split("\\.", -1);
    for (String part : parts) {
      if (part.isEmpty() || !Character.isJavaIdentifierStart(part.codePointAt(0))) {
        return false;
      }
    }
    return parts.length > 1;
  }

  private static boolean isAllowed(String name) {
    return OWN.contains(name) || isDl4js(name);
  }

  private static boolean isDl4js(String name) {
    return CLASS.matcher(name).matches()
        && ALLOWED.stream().anyMatch(name::startsWith)
        && REFUSED.stream().noneMatch(name::startsWith);
  }

  private InputException refused(JsonParser parser, String what) {
    String shown = what.length() > 200 ? what.substring(0, 200) + "..." : what;
    return new InputException(
        "%s:%d: names %s, which is not one of DL4J's own layers or functions; only those are loaded"
            .formatted(path, parser.currentLocation().getLineNr(), shown));
  }
}
