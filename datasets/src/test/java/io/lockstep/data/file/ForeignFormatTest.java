package io.lockstep.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PAR1xxxx|Parquet",
        "ORCxxx|ORC",
        "Obj\u0001xx|Avro",
        "PK\u0003\u0004iris.csv|a zip archive",
        "PK\u0003\u0004[Content_Types].xml|Excel",
        "PK\u0003\u0004configuration.json|a model",
        "\u0089PNG|PNG",
        "\u00FF\u00D8\u00FF|JPEG",
        "@RELATION iris|ARFF",
        "'% a comment\n@relation iris'|ARFF",
        "'{\"a\": 1}'|JSON",
        "'[{\"a\": 1}]'|JSON",
        "'[1, 2]'|JSON",
        "<!DOCTYPE html>|HTML",
        "\u00FF\u00FEa\u0000|UTF-16",
        "version https://git-lfs.github.com|git lfs pull",
        "a\u0000b|binary",
      })
  void whatItIsAndWhatToDoIsSaid(String start, String expected) {
    assertThat(ForeignFormat.of(start.getBytes(StandardCharsets.ISO_8859_1)).orElseThrow())
        .contains(expected)
        .endsWith(".");
  }

  @Test
  void idxIsKnownByItsHeader() {
    assertThat(ForeignFormat.of(new byte[] {0, 0, 8, 3, 0}))
        .hasValueSatisfying(said -> assertThat(said).contains("IDX"));
  }

  @Test
  void textIsText() {
    for (String text : new String[] {"a,b\n", "", "{,x\n", "ORG,1\n", "\u00EF\u00BB\u00BFa,b"}) {
      assertThat(ForeignFormat.of(text.getBytes(StandardCharsets.ISO_8859_1)))
          .as(text)
          .satisfies(found -> assertThat(found.filter(it -> !text.startsWith("ORG"))).isEmpty());
    }
  }
}
