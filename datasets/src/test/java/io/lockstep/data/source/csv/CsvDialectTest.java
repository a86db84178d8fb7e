package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.Whole;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One table, written down in many ways, is one table; wherever its file is cut. */
class CsvDialectTest {
  private static final String PLAIN = "größe,b,kind\n1.5,2000.25,x\n-3,1234567,y, z\n0.5,7,x\n";

  @TempDir Path folder;

  private static CsvDialect dialect(String delimiter) {
    return CsvDialect.PLAIN.withDelimiter(delimiter);
  }

  private static CsvDialect numbers(String delimiter, char decimal, String thousands) {
    return new CsvDialect(
        delimiter, "\"", decimal, thousands, "", 0, "", List.of(), false, Map.of());
  }

  private static CsvDialect lines(String quote, String comment, int skip, boolean ragged) {
    return new CsvDialect(",", quote, '.', "", comment, skip, "", List.of(), ragged, Map.of());
  }

  private static CsvDialect encoded(String encoding) {
    return new CsvDialect(",", "\"", '.', "", "", 0, encoding, List.of(), false, Map.of());
  }

  static Stream<Arguments> ways() {
    Charset utf8 = StandardCharsets.UTF_8;
    String table = "größe,b,kind\n1.5,2000.25,x\n-3,1234567,\"y, z\"\n0.5,7,x\n";
    return Stream.of(
        arguments("several characters", dialect("_/-\\_"), utf8, table(table, "_/-\\_")),
        arguments("beyond ASCII", dialect("þ|"), utf8, table(table, "þ|")),
        arguments(
            "blanks",
            dialect(CsvDialect.BLANKS),
            utf8,
            "größe   b\tkind\n  1.5 2000.25 x  \n -3\t \t1234567  \"y, z\"\n\n0.5 7   x\n"),
        arguments(
            "decimal comma",
            numbers(";", ',', ""),
            utf8,
            "größe;b;kind\n1,5;2000,25;x\n-3;1234567;y, z\n0,5;7;x\n"),
        arguments(
            "thousands by points",
            numbers(";", ',', "."),
            utf8,
            "größe;b;kind\n1,5;2.000,25;x\n-3;1.234.567;y, z\n0,5;7;x\n"),
        arguments(
            "thousands by hard blanks",
            numbers(";", '.', "\u00A0"),
            utf8,
            "größe;b;kind\n1.5;2\u00A0000.25;x\n-3;1\u00A0234\u00A0567;y, z\n0.5;7;x\n"),
        arguments("quotes", lines("'", "", 0, false), utf8, table.replace('"', '\'')),
        arguments(
            "comments",
            lines("\"", "~", 0, false),
            utf8,
            "~ a \"comment\n" + table.replace("-3", "~0,9,\"8\n-3") + "~ and the end"),
        arguments(
            "lines to skip",
            lines("\"", "", 3, false),
            utf8,
            "\nrubb\"ish,that\nisn't,one\n" + table),
        arguments(
            "ragged",
            lines("\"", "", 0, true),
            utf8,
            table
                .replace("kind", "kind,more,")
                .replace("25,x", "25,x,,")
                .replace("7,x", "7,x,,,,,")),
        arguments("utf-16", encoded(""), StandardCharsets.UTF_16, table),
        arguments("latin-1", encoded("latin-1"), StandardCharsets.ISO_8859_1, table));
  }

  private static String table(String plain, String delimiter) {
    return plain.replace("y, z", "Y").replace(",", delimiter).replace("Y", "y, z");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void isTheSameTable(String what, CsvDialect dialect, Charset charset, String text)
      throws IOException {
    CsvOptions options = CsvOptions.classes("kind").withFeatures("b", "größe");
    Path plain = folder.resolve("plain.csv");
    Files.writeString(plain, PLAIN.replace("y, z", "\"y, z\""));
    List<String> expected = rows(new CsvSource(plain.toString(), options), 1 << 20);
    assertThat(expected).containsExactly("2000.25 1.5 x", "1234567.0 -3.0 y, z", "7.0 0.5 x");

    Path file = folder.resolve("other.csv");
    Files.write(file, text.getBytes(charset));
    var source = new CsvSource(file.toString(), options.with(dialect));
    for (long bytes : new long[] {1 << 20, 1, 2, 3, 5, 8, 13, 21, 34}) {
      assertThat(rows(source, bytes)).as("%s in splits of %d", what, bytes).isEqualTo(expected);
    }
  }

  private static List<String> rows(CsvSource source, long splitBytes) throws IOException {
    SourceLayout layout = source.layout(new Configuration(), splitBytes);
    ReadInSplits read = ReadInSplits.of(source, layout);
    List<String> names = read.settled().labels().names();
    List<String> rows = new ArrayList<>();
    for (Block block : read.blocks()) {
      for (int row = 0; row < block.size(); row++) {
        String name = names.get((int) block.values(1).at(row));
        rows.add(block.values(0).at(2 * row) + " " + block.values(0).at(2 * row + 1) + " " + name);
      }
    }
    return rows;
  }

  @Test
  void plainIsWhatDiffersInTheDelimiterOnly() {
    assertThat(dialect(";").isPlain()).isTrue();
    assertThat(numbers(";", ',', "").isPlain()).isFalse();
    assertThat(lines("'", "", 0, false).isPlain()).isFalse();
  }

  @Test
  void marksOfThousandsMustStandBetweenGroupsOfThree() {
    NumberMarks marks = new NumberMarks(',', ".");
    assertThat(Stream.of("1.234", "12.345,5", "-1.234.567", "1234,5", "1.234,5678"))
        .allMatch(number -> !Double.isNaN(parsed(marks, number)));
    assertThat(Stream.of("1.23", "1234.567", ".234", "1.2345", "1,234.5", "1.234.56,1", "1..234"))
        .allMatch(number -> Double.isNaN(parsed(marks, number)));
  }

  private static double parsed(NumberMarks marks, String number) {
    byte[] bytes = number.getBytes(StandardCharsets.UTF_8);
    return marks.parse(bytes, 0, bytes.length);
  }

  @Test
  void whatIsMissingIsToldAndWhatIsMeantIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("m.csv"), "a,kind\n1,yes.\n2,no\n-999.0,?\n");
    var dialect =
        new CsvDialect(
            ",", "", '.', "", "", 0, "", List.of("?", "-999"), false, Map.of("yes.", "yes"));
    var source = new CsvSource(file.toString(), CsvOptions.classes("kind").with(dialect));
    assertThatThrownBy(() -> Whole.settled(source))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 4: column 'a': '-999.0', which stands for a missing value")
        .hasMessageContaining("line 4: column 'kind': the label is empty");
    var skipping = source.withBadRecords(io.lockstep.data.source.BadRecords.SKIP);
    assertThat(Whole.settled(skipping).labels().names()).containsExactly("no", "yes");
  }

  @Test
  void columnsAreNamedByRangesAndPatterns() throws IOException {
    String header = "id,t_1,note,t_2,x-y,kind\n";
    Path file = Files.writeString(folder.resolve("p.csv"), header + "1,2,3,4,5,a\n1,2,3,4,5,b\n");
    CsvOptions options = CsvOptions.classes("kind");
    assertThat(features(file, options.without(List.of("id", "2")))).isEqualTo("[t_1, t_2, x-y]");
    assertThat(features(file, options.withFeatures("t_*", "0"))).isEqualTo("[t_1, t_2, id]");
    assertThat(features(file, options.withFeatures("1-3"))).isEqualTo("[t_1, note, t_2]");
    assertThat(features(file, options.withFeatures("x-y"))).isEqualTo("[x-y]");
    assertThatThrownBy(() -> features(file, options.without(List.of("s_*"))))
        .hasMessageContaining("no column is like 's_*'");
  }

  private static String features(Path file, CsvOptions options) throws IOException {
    return new CsvSource(file.toString(), options).layout(new Configuration()).columns().toString();
  }
}
