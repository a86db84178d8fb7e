package io.lockstep.data.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import java.util.ArrayList;
import java.util.List;

/** The encoding of a column as a model's file has it. */
final class ColumnJson {
  private ColumnJson() {}

  static void write(ColumnEncoding encoding, ObjectNode json) {
    Column column = encoding.column();
    json.put("name", column.name());
    if (column.content() instanceof Column.Numbers number) {
      json.put("kind", "number").put("scale", number.scale().name()).put("log", number.log());
      putIfFinite(json, "low", number.low());
      putIfFinite(json, "high", number.high());
    } else if (column.content() instanceof Column.Dates dates) {
      json.put("kind", "date").put("scale", dates.scale().name()).put("format", dates.format());
    } else {
      json.put("kind", "category");
    }
    json.put("missing", column.gap().missing().name()).put("indicator", column.gap().indicator());
    encoding.writeTo(json);
  }

  private static void putIfFinite(ObjectNode json, String field, double value) {
    if (Double.isFinite(value)) {
      json.put(field, value);
    }
  }

  static ColumnEncoding read(JsonNode json) {
    String name = json.path("name").asText();
    try {
      var gap =
          new Column.Gap(
              Column.Missing.valueOf(json.path("missing").asText()),
              json.path("fill").asText(),
              json.path("indicator").asBoolean());
      if (json.path("kind").asText().equals("number")) {
        var number =
            new Column.Numbers(
                Column.Scale.valueOf(json.path("scale").asText()),
                json.path("log").asBoolean(),
                json.has("low") ? number(json, "low") : Double.NEGATIVE_INFINITY,
                json.has("high") ? number(json, "high") : Double.POSITIVE_INFINITY);
        return new ColumnEncoding.OfNumber(
            new Column(name, number, gap),
            json.has("fill") ? number(json, "fill") : Double.NaN,
            number(json, "smallest"),
            number(json, "shift"),
            factor(json));
      }
      if (json.path("kind").asText().equals("date")) {
        var dates =
            new Column.Dates(
                json.path("format").asText(), Column.Scale.valueOf(json.path("scale").asText()));
        return new ColumnEncoding.OfDate(
            new Column(name, dates, gap),
            json.has("fill") ? number(json, "fill") : Double.NaN,
            json.path("clock").asBoolean(),
            number(json, "shift"),
            factor(json));
      }
      List<String> words = new ArrayList<>();
      json.path("words").forEach(word -> words.add(word.asText()));
      return new ColumnEncoding.OfWords(
          new Column(name, new Column.Words(1, Integer.MAX_VALUE, words), gap),
          words,
          json.path("other").asBoolean(),
          json.path("own").asBoolean(),
          json.path("fill").asText(),
          List.of());
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "The encoding of column '%s' is damaged or from elsewhere: %s."
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private static double factor(JsonNode json) {
    double factor = number(json, "factor");
    if (!(factor > 0)) {
      throw new IllegalArgumentException("the factor " + factor);
    }
    return factor;
  }

  private static double number(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new IllegalArgumentException(field + " is " + value);
    }
    return value.doubleValue();
  }
}
