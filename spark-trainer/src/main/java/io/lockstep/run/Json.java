package io.lockstep.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Records as JSON: the components are the fields, in their order.
 *
 * <p>Fields that a record does not have are passed over, so a later version may add some. A number
 * that is not finite is a string, {@code "NaN"} or {@code "Infinity"}. Thread-safe.
 */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  /** A record as a tree, to which fields can be added. */
  static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A record on one line, without a line break at its end. */
  static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a record that JSON can hold: " + value, e);
    }
  }

  /** A record on several lines, with a line break at its end. */
  static String text(Object value) {
    return tree(value).toPrettyString() + "\n";
  }

  /**
   * Reads a tree.
   *
   * @throws JsonProcessingException if {@code text} is not JSON
   */
  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /**
   * Reads a record.
   *
   * @throws JsonProcessingException if {@code text} is not JSON or not such a record
   */
  static <T> T parse(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(text, type);
  }

  /**
   * Reads a record.
   *
   * @throws JsonProcessingException if {@code tree} is not such a record
   */
  static <T> T parse(JsonNode tree, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(tree, type);
  }
}
