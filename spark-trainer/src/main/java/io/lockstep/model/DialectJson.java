package io.lockstep.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.CsvDialect;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How the table of a {@link ModelCard} is written down: its delimiter, and what is not usual. */
final class DialectJson {
  private DialectJson() {}

  static void write(CsvDialect dialect, ObjectNode json) {
    json.put("delimiter", dialect.delimiter());
    if (dialect.isPlain() && !dialect.blanks()) {
      return;
    }
    ObjectNode rest = json.putObject("dialect");
    rest.put("quote", dialect.quote());
    rest.put("decimal", String.valueOf(dialect.decimal()));
    rest.put("thousands", dialect.thousands());
    rest.put("comment", dialect.comment());
    rest.put("skip", dialect.skip());
    rest.put("encoding", dialect.encoding());
    dialect.missing().forEach(rest.putArray("missing")::add);
    rest.put("ragged", dialect.ragged());
    ObjectNode aliases = rest.putObject("aliases");
    new TreeMap<>(dialect.aliases()).forEach(aliases::put);
  }

  static CsvDialect read(JsonNode json, String file) {
    JsonNode delimiter = json.path("delimiter");
    if (!delimiter.isTextual() || (delimiter.asText().isEmpty() && !json.has("dialect"))) {
      throw new InputException(file + " holds a damaged card: no delimiter");
    }
    JsonNode rest = json.path("dialect");
    if (rest.isMissingNode()) {
      return CsvDialect.PLAIN.withDelimiter(delimiter.asText());
    }
    Map<String, String> aliases = new LinkedHashMap<>();
    rest.path("aliases").properties().forEach(it -> aliases.put(it.getKey(), text(it)));
    String decimal = rest.path("decimal").asText();
    try {
      return new CsvDialect(
          delimiter.asText(),
          rest.path("quote").asText(),
          decimal.isEmpty() ? '.' : decimal.charAt(0),
          rest.path("thousands").asText(),
          rest.path("comment").asText(),
          rest.path("skip").asInt(),
          rest.path("encoding").asText(),
          ModelCard.texts(rest.path("missing")),
          rest.path("ragged").asBoolean(),
          aliases);
    } catch (InputException e) {
      throw new InputException(file + " holds a damaged card: " + e.getMessage(), e);
    }
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    return entry.getValue().asText();
  }
}
