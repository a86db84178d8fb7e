package io.lockstep.data.source.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Fault;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that cannot be used are left out and counted, the same wherever files are cut. */
class BadRecordsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Tokenizer WORDS =
      new Tokenizer(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION, Unicode.NFC);

  /** At most four words; a longer text is none. */
  private static final TextOptions STRICT = new TextOptions(WORDS, 100, 1, 4, false, false);

  /** A row as it stands in the file, in Latin 1, and what is wrong with it. */
  private record Row(String bytes, Fault fault) {}

  private static final List<Row> BAD =
      List.of(
          new Row("a,\n", Fault.EMPTY),
          new Row("b,\"?!\"\n", Fault.EMPTY),
          new Row("a,gr\u00FC\u00DFe\n", Fault.NOT_TEXT),
          new Row("\u00FF,zwei\n", Fault.NOT_TEXT),
          new Row(",kein\n", Fault.NO_LABEL),
          new Row("c,fremd\n", Fault.UNKNOWN_CLASS),
          new Row("a,one two three four five\n", Fault.TOO_LONG),
          new Row("a\n", Fault.COLUMNS),
          new Row("a,b,c\r\n", Fault.COLUMNS),
          new Row("a,\"x\" y, \"z\n", Fault.QUOTES));

  @TempDir Path folder;

  private Path write(String name, String latin) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static TextCsvSource table(Path file, String... classes) {
    return new TextCsvSource(
        file.toString(),
        CsvOptions.classes("kind").withFeatures("text").withClasses(List.of(classes)),
        TextEncoding.UTF_8,
        STRICT);
  }

  private static SkippedRecords skipped(ExampleSource source) throws IOException {
    return TextSplitsTest.read(source, source.layout(HADOOP)).settled().skipped();
  }

  /** A table of good and bad rows in any order, beside the same without the bad ones. */
  @Test
  void rowsOfATable() throws IOException {
    var random = new SplittableRandom(3);
    var table = new StringBuilder("kind,text\n");
    var clean = new StringBuilder("kind,text\n");
    var counts = new TreeMap<Fault, Long>();
    List<String> places = new ArrayList<>();
    int lines = 1;
    for (int i = 0; i < 90; i++) {
      lines++;
      if (random.nextInt(3) == 0) {
        Row bad = BAD.get(random.nextInt(BAD.size()));
        table.append(bad.bytes());
        counts.merge(bad.fault(), 1L, Long::sum);
        places.add(lines + " " + bad.fault());
        continue;
      }
      boolean quoted = random.nextInt(8) == 0;
      String row = quoted ? "a,\"two\nlines " + i + "\"\n" : "b,text " + i + "\n";
      table.append(row);
      clean.append(row);
      lines += quoted ? 1 : 0;
    }
    assertThat(counts.keySet())
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(EnumSet.of(Fault.DAMAGED, Fault.NO_NUMBER, Fault.MISSING)));
    var source = table(write("t.csv", table.toString()), "a", "b");
    var without = table(write("clean.csv", clean.toString()), "a", "b");
    TextSplitsTest.Read wanted = TextSplitsTest.read(without, without.layout(HADOOP));
    for (int bytes : new int[] {1, 2, 5, 17, 80, 300, 9_999}) {
      TextSplitsTest.Read read =
          TextSplitsTest.read(
              source.withBadRecords(BadRecords.SKIP),
              source.withBadRecords(BadRecords.SKIP).layout(HADOOP, bytes));
      assertThat(read.rows()).as("splits of %d", bytes).isEqualTo(wanted.rows());
      SkippedRecords skipped = read.settled().skipped();
      assertThat(skipped.counts()).as("splits of %d", bytes).isEqualTo(counts);
      assertThat(skipped.first().stream().map(it -> it.line() + " " + it.fault()))
          .as("splits of %d", bytes)
          .isEqualTo(places.subList(0, SkippedRecords.SHOWN));
      assertThat(skipped.first().get(0).file()).endsWith("t.csv");
    }
    assertThatThrownBy(() -> TextSplitsTest.read(source, source.layout(HADOOP)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("t.csv line " + places.get(0).replaceAll(" .*", ""));
  }

  /** A quote that is not closed where it should be swallows what lies before the next one. */
  @Test
  void quotesThatDoNotMatchEndWithTheirLine() throws IOException {
    Path file = write("q.csv", "kind,text\na,one\na,\"two\nb,three\nb,\"four\" x\nb,five\n");
    var source = table(file).withBadRecords(BadRecords.SKIP);
    for (int bytes = 1; bytes < 60; bytes++) {
      TextSplitsTest.Read read = TextSplitsTest.read(source, source.layout(HADOOP, bytes));
      assertThat(read.rows()).containsExactly("0:a:one", "1:b:five");
      assertThat(read.settled().skipped().sentence(2, "texts"))
          .isEqualTo(
              "1 of 3 texts skipped: 1 with quotes that do not match (first: %s line 5)"
                  .formatted(file));
    }
  }

  /** What is wrong with the file as a whole is an error whatever the policy. */
  @Test
  void filesAreNotSkipped() throws IOException {
    write("d/1.csv", "kind,text\na,one\n");
    write("d/2.csv", "kind,words\na,one\n");
    var open = table(write("o.csv", "kind,text\na,one\nb,\"two\n"));
    for (ExampleSource source : List.of(table(folder.resolve("d")), open)) {
      ExampleSource skipping = source.withBadRecords(BadRecords.SKIP);
      assertThatThrownBy(() -> TextSplitsTest.read(skipping, skipping.layout(HADOOP)))
          .isInstanceOf(InputException.class)
          .hasMessageMatching("(?s).*(the header .* is not that of the first|never closed).*");
    }
  }

  @Test
  void linesOfFiles() throws IOException {
    write("l/Cat.txt", "miau\n\n?!\n\u00FF\nmiau miau\r\n");
    write("l/Dog.txt", "wuff\n");
    write("l/Yak.txt", "grunz\ngrunz\n");
    var source =
        new TextLinesSource(
            folder.resolve("l").toString(),
            List.of("Cat", "Dog"),
            TextEncoding.UTF_8,
            STRICT,
            BadRecords.SKIP);
    for (int bytes : new int[] {1, 3, 6, 1000}) {
      TextSplitsTest.Read read = TextSplitsTest.read(source, source.layout(HADOOP, bytes));
      assertThat(read.rows()).containsExactly("0:Cat:miau", "1:Cat:miau miau", "2:Dog:wuff");
      assertThat(read.settled().skipped().first())
          .extracting(
              it -> it.where().substring(it.where().lastIndexOf('/') + 1) + " " + it.fault())
          .containsExactly(
              "Cat.txt line 3 EMPTY",
              "Cat.txt line 4 NOT_TEXT",
              "Yak.txt line 1 UNKNOWN_CLASS",
              "Yak.txt line 2 UNKNOWN_CLASS");
    }
    assertThat(read(source.withBadRecords(BadRecords.FAIL))).contains("Cat.txt line 3:");
  }

  private static String read(ExampleSource source) {
    try {
      TextSplitsTest.read(source, source.layout(HADOOP));
      return "";
    } catch (InputException | IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void filesOfFolders() throws IOException {
    write("d/a/1.txt", "one");
    write("d/a/2.txt", " \n");
    write("d/a/3.txt", "\u00FF");
    write("d/a/4.txt.gz", "\u001F\u008B\b\0");
    write("d/b/5.txt", "five");
    var source =
        new TextDirectorySource(
            folder.resolve("d").toString(), List.of(), TextEncoding.UTF_8, STRICT, BadRecords.SKIP);
    TextSplitsTest.Read read = TextSplitsTest.read(source, source.layout(HADOOP));
    assertThat(read.rows()).containsExactly("0:a:one", "1:b:five");
    assertThat(read.settled().skipped().first())
        .extracting(it -> it.where().substring(it.where().indexOf("/d/")) + " " + it.fault())
        .containsExactly("/d/a/2.txt EMPTY", "/d/a/3.txt NOT_TEXT", "/d/a/4.txt.gz DAMAGED");
  }

  @Test
  void linesOfRunningText() throws IOException {
    Path file = write("t.txt", "eins zwei\n\u00FF drei\nvier\n\u00FF\nf\u00FCnf\nsechs sieben\n");
    Path clean = write("c.txt", "eins zwei\nvier\nsechs sieben\n");
    var wanted = new TextWindowsSource(clean.toString(), 2, 2, TextEncoding.UTF_8, STRICT);
    var source =
        new TextWindowsSource(file.toString(), 2, 2, TextEncoding.UTF_8, STRICT, BadRecords.SKIP);
    for (int bytes = 1; bytes < 50; bytes += 3) {
      TextSplitsTest.Read read = TextSplitsTest.read(source, source.layout(HADOOP, bytes));
      assertThat(read.rows()).isEqualTo(TextSplitsTest.read(wanted, wanted.layout(HADOOP)).rows());
      assertThat(read.settled().notes())
          .containsExactly("3 lines skipped: 3 not valid text (first: %s line 2)".formatted(file));
    }
  }

  /** In encodings that are not UTF-8 too it is one line that is lost, not all that follow. */
  @Test
  void otherEncodings() throws IOException {
    for (String name : List.of("utf-16le", "windows-1252", "shift_jis")) {
      Charset charset = new TextEncoding(name).charset();
      byte[] broken =
          name.equals("utf-16le") ? new byte[] {0, (byte) 0xD8} : new byte[] {(byte) 0x81};
      Path file = folder.resolve("t.csv");
      try (var out = Files.newOutputStream(file)) {
        out.write("kind,text\na,one\n".getBytes(charset));
        out.write("a,".getBytes(charset));
        out.write(broken);
        out.write("\nb,three\n".getBytes(charset));
      }
      var source =
          new TextCsvSource(
              file.toString(),
              CsvOptions.classes("kind").withFeatures("text"),
              new TextEncoding(name),
              STRICT);
      assertThat(read(source)).contains("t.csv line 3: is not " + charset + " text");
      var skipping = source.withBadRecords(BadRecords.SKIP);
      TextSplitsTest.Read read = TextSplitsTest.read(skipping, skipping.layout(HADOOP));
      assertThat(read.rows()).as(name).containsExactly("0:a:one", "1:b:three");
      assertThat(read.settled().skipped().counts()).containsExactly(Map.entry(Fault.NOT_TEXT, 1L));
    }
  }

  @Test
  void somethingMustBeLeft() throws IOException {
    var source = table(write("t.csv", "kind,text\na,\nb,\nc\n")).withBadRecords(BadRecords.SKIP);
    assertThat(read(source))
        .contains(
            "t.csv: none of the 3 texts can be used: 2 empty, 1 with too few or too many values.",
            "The first:",
            "t.csv line 2: column 'text': the text is empty");
  }

  /** A class of which no text is left is none. */
  @Test
  void classesAreThoseOfWhatIsLeft() throws IOException {
    Path file = write("t.csv", "kind,text\na,one\nb,\nc,three\n");
    var source = table(file).withBadRecords(BadRecords.SKIP);
    TextSplitsTest.Read read = TextSplitsTest.read(source, source.layout(HADOOP));
    assertThat(read.rows()).containsExactly("0:a:one", "1:c:three");
    assertThat(read.settled().labels().names()).containsExactly("a", "c");
  }

  @Test
  void moreThanHalfIsTold() throws IOException {
    String good = "kind,text\na,one\nb,two\n";
    assertThat(warnings(good + "a,\nb,\n")).isEmpty();
    assertThat(warnings(good + "a,\nb,\na,\n"))
        .singleElement()
        .asString()
        .startsWith("more than half of the texts were skipped: 3 empty. The first: ");
  }

  private List<String> warnings(String table) throws IOException {
    var source = table(write("w.csv", table)).withBadRecords(BadRecords.SKIP);
    return TextSplitsTest.read(source, source.layout(HADOOP)).settled().warnings();
  }

  @Test
  void longTextsAreCutUnlessTheyAreBad() throws IOException {
    Path file = write("t.csv", "kind,text\na,one two three\nb,one two three four\n");
    var cutting =
        new TextCsvSource(
            file.toString(),
            CsvOptions.classes("kind").withFeatures("text"),
            TextEncoding.UTF_8,
            new TextOptions(WORDS, 100, 1, 3, false));
    assertThat(TextSplitsTest.read(cutting, cutting.layout(HADOOP)).rows())
        .containsExactly("0:a:one two three", "1:b:one two three");
    var strict = cutting.preparedLike(new TextOptions(WORDS, 100, 1, 3, false, false));
    assertThat(read(strict))
        .contains("t.csv line 3: column 'text': 4 tokens, but maxLength is 3", "truncate: true");
    assertThatThrownBy(() -> new TextOptions(WORDS, 100, 1, TextOptions.WHOLE, false, false))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("truncate: ");
  }

  @Test
  void sourcesWithoutThePolicySaySo() {
    var digits = new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN, false);
    assertThat(digits.withBadRecords(BadRecords.FAIL)).isSameAs(digits);
    assertThatThrownBy(() -> digits.withBadRecords(BadRecords.SKIP))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("only texts and rows of tables");
  }

  @Test
  void asFilesHaveIt() throws IOException {
    var source = table(write("t.csv", "kind,text\na,one\nb,\n\u00FF\nb,x\n"));
    SkippedRecords skipped = skipped(source.withBadRecords(BadRecords.SKIP));
    assertThat(skipped.toJson().toString())
        .startsWith("{\"records\":2,\"kinds\":{\"empty\":1,\"notText\":1},\"first\":[{\"file\":\"")
        .contains("t.csv\",\"line\":3,\"kind\":\"empty\",\"message\":\"column 'text': the text is");
  }
}
