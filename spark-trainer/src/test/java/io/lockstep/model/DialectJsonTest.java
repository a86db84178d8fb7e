package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.source.csv.CsvDialect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A model's card knows how the table of training was written down. */
class DialectJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static CsvDialect travelled(CsvDialect dialect) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    DialectJson.write(dialect, json);
    return DialectJson.read(JSON.readTree(json.toString()), "model.zip");
  }

  @Test
  void everyDialectReadsAsItWasWritten() throws JsonProcessingException {
    // Each differs from the usual one in one thing, the last in all.
    List<CsvDialect> dialects =
        List.of(
            CsvDialect.PLAIN,
            CsvDialect.PLAIN.withDelimiter("\t"),
            CsvDialect.PLAIN.withDelimiter("_/-\\_"),
            CsvDialect.PLAIN.withDelimiter(CsvDialect.BLANKS),
            dialect(",", "'", '.', "", "", 0, "", List.of(), false, Map.of()),
            dialect(";", "\"", ',', "", "", 0, "", List.of(), false, Map.of()),
            dialect(";", "\"", '.', ",", "", 0, "", List.of(), false, Map.of()),
            dialect(",", "\"", '.', "", "#", 0, "", List.of(), false, Map.of()),
            dialect(",", "\"", '.', "", "", 3, "", List.of(), false, Map.of()),
            dialect(",", "\"", '.', "", "", 0, "latin-1", List.of(), false, Map.of()),
            dialect(",", "\"", '.', "", "", 0, "", List.of("?", ""), false, Map.of()),
            dialect(",", "\"", '.', "", "", 0, "", List.of(), true, Map.of()),
            dialect(",", "\"", '.', "", "", 0, "", List.of(), false, Map.of("yes.", "yes")),
            dialect("||", "", ',', ".", "//", 2, "utf-16", List.of("NA"), true, Map.of("a", "b")));

    for (CsvDialect each : dialects) {
      assertThat(travelled(each)).isEqualTo(each);
    }
  }

  private static CsvDialect dialect(
      String delimiter,
      String quote,
      char decimal,
      String thousands,
      String comment,
      int skip,
      String encoding,
      List<String> missing,
      boolean ragged,
      Map<String, String> aliases) {
    return new CsvDialect(
        delimiter, quote, decimal, thousands, comment, skip, encoding, missing, ragged, aliases);
  }

  @Test
  void aCardWithoutADelimiterIsDamaged() {
    assertThatThrownBy(() -> DialectJson.read(JSON.createObjectNode(), "model.zip"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.zip holds a damaged card");
  }
}
