package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of bytes are the rows that commons-csv finds. */
class CsvRowsTest {
  private static final String[] PIECES = {
    ",",
    ",",
    ",",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "a",
    "1.5",
    "-3",
    "\"x\"",
    "\"a,b\"",
    "\"two\nlines\"",
    "\"two\r\nlines\"",
    "\"\"\"\"",
    "\"say \"\"hi\"\"\"",
    "\u00e4",
    "\u20ac",
    "z\"z",
    "\ud83d\ude00"
  };

  @ParameterizedTest
  @ValueSource(chars = {',', ';', '\t', '\u00a6'})
  void anyTextIsWhatCommonsCsvMakesOfIt(char delimiter) throws IOException {
    var random = new SplittableRandom(11);
    int compared = 0;
    for (int round = 0; round < 20_000; round++) {
      var made = new StringBuilder();
      for (int pieces = random.nextInt(14); pieces > 0; pieces--) {
        made.append(PIECES[random.nextInt(PIECES.length)]);
      }
      String text = made.toString().replace(',', delimiter);
      List<String> expected;
      try {
        expected = byCommons(text, delimiter);
      } catch (IOException | RuntimeException e) {
        continue;
      }
      int buffer = 4 + random.nextInt(40);
      assertThat(rows(text, delimiter, buffer))
          .as("round %d, buffer of %d: %s", round, buffer, text)
          .isEqualTo(expected);
      compared++;
    }
    assertThat(compared).isGreaterThan(5_000);
  }

  private static List<String> byCommons(String text, char delimiter) throws IOException {
    CSVFormat format =
        CSVFormat.Builder.create()
            .setDelimiter(delimiter)
            .setQuote('"')
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .get();
    List<String> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(text, format)) {
      for (CSVRecord row : parser) {
        if (row.size() > 1 || !row.get(0).isBlank()) {
          rows.add(row.toList().toString());
        }
      }
    }
    return rows;
  }

  private static List<String> rows(String text, char delimiter, int buffer) throws IOException {
    List<String> found = new ArrayList<>();
    try (CsvRows rows = open(text.getBytes(StandardCharsets.UTF_8), delimiter, buffer)) {
      while (rows.next()) {
        found.add(rows.values().toString());
      }
      assertThat(rows.problem()).isNull();
      assertThat(rows.openQuote()).isZero();
    }
    return found;
  }

  private static CsvRows open(byte[] bytes, char delimiter, int buffer) throws IOException {
    return new CsvRows(
        new ByteArrayInputStream(bytes), CsvOptions.classes("0").withDelimiter(delimiter), buffer);
  }

  private static CsvRows open(String text) throws IOException {
    return open(text.getBytes(StandardCharsets.UTF_8), ',', 8);
  }

  @Test
  void linesAreCountedAsEditorsDo() throws IOException {
    try (CsvRows rows = open("a\n\n\"b\nb\",\"c\r\nc\"\r\nd\re\n")) {
      List<Long> lines = new ArrayList<>();
      while (rows.next()) {
        lines.add(rows.line());
      }
      assertThat(lines).containsExactly(1L, 3L, 6L, 7L);
      assertThat(rows.lines()).isEqualTo(7);
    }
  }

  @Test
  void anOpenQuoteIsKnownByTheLineWhereItBegins() throws IOException {
    try (CsvRows rows = open("a,b\n\"x\ny\",\"never\nclosed\n")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
      assertThat(rows.openQuote()).isEqualTo(3);
    }
  }

  @Test
  void quotesThatDoNotMatchAreAProblemOfTheirLine() throws IOException {
    try (CsvRows rows = open("a,b\n\"x\ny\" z,1\n")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
      assertThat(rows.problem().line()).isEqualTo(3);
      assertThat(rows.problem().message()).contains("the quotes do not match");
    }
  }

  @Test
  void otherEncodingsAreAProblemOfTheirLine() throws IOException {
    byte[] latin = "a,b\n1,f\u00fcr\n".getBytes(StandardCharsets.ISO_8859_1);
    try (CsvRows rows = open(latin, ',', 4)) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
      assertThat(rows.problem().line()).isEqualTo(2);
      assertThat(rows.problem().message()).contains("is not UTF-8");
    }
  }
}
