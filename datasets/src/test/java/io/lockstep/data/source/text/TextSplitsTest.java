package io.lockstep.data.source.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts are the same wherever their files are cut. */
class TextSplitsTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  /** Examples as text, with their classes, and what is known of them. */
  record Read(List<String> rows, Settled settled) {}

  static Read read(ExampleSource source, SourceLayout layout) throws IOException {
    ReadInSplits read = ReadInSplits.of(source, layout);
    Settled settled = read.settled();
    List<String> rows = new ArrayList<>();
    for (Block block : read.blocks()) {
      byte[] texts = ((Values.Bytes) block.values(0)).array();
      for (int row = 0; row < block.size(); row++) {
        String text =
            new String(texts, block.from(0, row), block.steps(0, row), StandardCharsets.UTF_8);
        String name =
            block.schema().labels().isEmpty()
                ? ""
                : settled.labels().names().get((int) block.values(1).at(row)) + ":";
        rows.add(block.id(row) + ":" + name + text);
      }
    }
    return new Read(rows, settled);
  }

  private static TextOptions options(Unit unit, Standardize standardize) {
    return TextOptions.of(new Tokenizer(unit, standardize, Unicode.NFC));
  }

  private static String text(int characters) {
    var random = new SplittableRandom(11);
    var text = new StringBuilder();
    while (text.length() < characters) {
      text.append(
          List.of("a", "B", " ", "é", "e\u0301", "字", "😀", "\n", "\n\n", "\r\n", ", ", "Σ")
              .get(random.nextInt(12)));
    }
    return text.toString();
  }

  private static final List<Tokenizer> TOKENIZERS =
      List.of(
          new Tokenizer(Unit.CHARACTER, Standardize.NONE, Unicode.NFC),
          new Tokenizer(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION, Unicode.NFC),
          new Tokenizer(Unit.CHARACTER, Standardize.LOWER, Unicode.NONE));

  /** Windows cut from the list of all tokens of the whole text. */
  private static List<String> windows(Tokenizer tokenizer, String text, int length, int stride) {
    List<String> tokens = tokenizer.tokens(text.replace("\r\n", "\n"));
    List<String> windows = new ArrayList<>();
    int learned = 1; // tokens that have been labels, and the first, which cannot be
    for (int from = 0; learned < tokens.size() && from + 1 < tokens.size(); from += stride) {
      int to = Math.min(tokens.size(), from + length + 1);
      String between = tokenizer.unit() == Unit.WORD ? " " : "";
      windows.add(windows.size() + ":" + String.join(between, tokens.subList(from, to)));
      learned = to;
    }
    return windows;
  }

  @Test
  void windowsAreAFunctionOfThePositionsOfTokens() throws IOException {
    for (int characters : new int[] {2, 90}) {
      String text = text(characters);
      Path file = Files.writeString(folder.resolve("t.txt"), text);
      for (Tokenizer tokenizer : TOKENIZERS) {
        for (int length : new int[] {1, 6}) {
          for (int stride : new int[] {1, 6, 11}) {
            List<String> wanted = windows(tokenizer, text, length, stride);
            var source =
                new TextWindowsSource(
                    file.toString(), length, stride, TextEncoding.UTF_8, TextOptions.of(tokenizer));
            if (wanted.isEmpty()) {
              continue;
            }
            for (int bytes : new int[] {1, 2, 3, 7, 40, 999}) {
              Read read = read(source, source.layout(HADOOP, bytes));
              assertThat(read.rows())
                  .as("%s, %d by %d, splits of %d", tokenizer, length, stride, bytes)
                  .isEqualTo(wanted);
              assertThat(read.settled().steps())
                  .isEqualTo(
                      wanted.stream()
                          .mapToLong(
                              row ->
                                  tokenizer.tokens(row.substring(row.indexOf(':') + 1)).size() - 1)
                          .sum());
            }
          }
        }
      }
    }
  }

  /** Lines longer than a piece, with and without blanks, and one file after another. */
  @Test
  void aTextNeedsNoLines() throws IOException {
    var random = new SplittableRandom(2);
    String words =
        random.ints(60_000, 0, 999).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    String letters =
        random
            .ints(150_000, 0, 5)
            .mapToObj(i -> List.of("A", "C", "e\u0301", "\u1112\u1161\u11ab", "字").get(i))
            .collect(Collectors.joining());
    for (String text : List.of(words, letters)) {
      Path file = Files.writeString(folder.resolve("long.txt"), text);
      Tokenizer tokenizer = TOKENIZERS.get(text.equals(words) ? 1 : 0);
      var source =
          new TextWindowsSource(
              file.toString(), 1000, 1000, TextEncoding.UTF_8, TextOptions.of(tokenizer));
      List<String> wanted = windows(tokenizer, text, 1000, 1000);
      assertThat(read(source, source.layout(HADOOP)).rows()).isEqualTo(wanted);
      assertThat(read(source, source.layout(HADOOP, 50_000)).rows()).isEqualTo(wanted);
    }
  }

  @Test
  void eachFileIsATextOfItsOwn() throws IOException {
    Files.writeString(folder.resolve("1.txt"), "abcdef");
    Files.writeString(folder.resolve("2.txt"), "ghi\nj");
    var source =
        new TextWindowsSource(
            folder.toString(), 3, 3, TextEncoding.UTF_8, options(Unit.CHARACTER, Standardize.NONE));
    assertThat(read(source, source.layout(HADOOP)).rows())
        .containsExactly("0:abcd", "1:def", "2:ghi\n", "3:\nj");
    assertThat(read(source, source.layout(HADOOP, 2)).rows())
        .containsExactly("0:abcd", "1:def", "2:ghi\n", "3:\nj");
  }

  @Test
  void tablesOfTextAreReadAsTables() throws IOException {
    var random = new SplittableRandom(5);
    var table = new StringBuilder("id\ttext\tkind\n");
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String kind = random.nextBoolean() ? "cat" : "Hund";
      boolean quoted = random.nextInt(3) == 0;
      table
          .append(i)
          .append('\t')
          .append(quoted ? "\"Zwei,\nZeilen \"\"É\"\"\"" : "Wörter, é: " + i);
      table.append('\t').append(kind).append('\n');
      String other = kind.equals("cat") ? "Hund" : "cat";
      assertThat(other).isNotEqualTo(kind);
      wanted.add(i + ":" + kind + ":" + (quoted ? "zwei zeilen é" : "wörter é " + i));
    }
    Path file = Files.writeString(folder.resolve("t.tsv"), table);
    var source =
        new TextCsvSource(
            file.toString(),
            CsvOptions.classes("kind").withFeatures("text").withDelimiter('\t'),
            TextEncoding.UTF_8,
            options(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION));
    for (int bytes = 1; bytes < 300; bytes += 13) {
      Read read = read(source, source.layout(HADOOP, bytes));
      assertThat(read.rows()).isEqualTo(wanted);
      assertThat(read.settled().labels().names()).containsExactly("Hund", "cat");
      assertThat(read.settled().bytesRead()).isGreaterThanOrEqualTo(Files.size(file));
    }
  }

  @Test
  void filesAreClassesOfTheirLines() throws IOException {
    Files.writeString(folder.resolve("Polish.txt"), "Wójcik\r\n\n Nowak\n");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("Czech.txt.gz")))) {
      out.write("Dvořák\nNovák".getBytes(StandardCharsets.UTF_8));
    }
    var source =
        new TextLinesSource(
            folder.toString(), List.of(), TextEncoding.UTF_8, options(Unit.WORD, Standardize.NONE));
    for (int bytes : new int[] {1, 3, 1000}) {
      assertThat(read(source, source.layout(HADOOP, bytes)).rows())
          .containsExactly("0:Czech:Dvořák", "1:Czech:Novák", "2:Polish:Wójcik", "3:Polish:Nowak");
    }
  }

  @Test
  void foldersAreClassesOfTheirFiles() throws IOException {
    for (String name : List.of("pos/1.txt", "pos/2.txt", "neg/a.txt")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "text of\n" + name);
    }
    Files.writeString(folder.resolve("_SUCCESS"), "");
    var source =
        new TextDirectorySource(
            folder.toString(),
            List.of(),
            TextEncoding.UTF_8,
            new TextOptions(
                new Tokenizer(Unit.WORD, Standardize.STRIP_PUNCTUATION, Unicode.NFC),
                100,
                1,
                3,
                false));
    assertThat(read(source, source.layout(HADOOP)).rows())
        .containsExactly("0:neg:text of negatxt", "1:pos:text of pos1txt", "2:pos:text of pos2txt");
  }

  @Test
  void otherEncodingsAreReadByTheirNames() throws IOException {
    String text = "Grüße\r\nаб".replace("аб", "é");
    for (String encoding : List.of("latin-1", "windows-1252", "utf-16", "UTF-16LE", "utf-8")) {
      var known = new TextEncoding(encoding);
      Path file = folder.resolve("t.txt");
      Files.write(file, text.getBytes(known.charset()));
      var source =
          new TextWindowsSource(
              file.toString(), 3, 3, known, options(Unit.CHARACTER, Standardize.NONE));
      for (int bytes : new int[] {1, 4, 100}) {
        assertThat(read(source, source.layout(HADOOP, bytes)).rows())
            .containsExactly("0:Grüß", "1:ße\né");
      }
    }
  }
}
