package io.lockstep.data.source.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One message for each thing that can be wrong with text. */
class BadTextTest {
  private static final Configuration HADOOP = new Configuration();
  private static final TextOptions WORDS =
      TextOptions.of(
          new Tokenizer(Unit.WORD, Standardize.LOWER_AND_STRIP_PUNCTUATION, Unicode.NFC));

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void refused(ExampleSource source, String... words) {
    assertThatThrownBy(() -> TextSplitsTest.read(source, source.layout(HADOOP)))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(words);
  }

  private TextCsvSource table(Path file, String... classes) {
    return new TextCsvSource(
        file.toString(),
        CsvOptions.classes("kind").withFeatures("text").withClasses(List.of(classes)),
        TextEncoding.UTF_8,
        WORDS);
  }

  private TextWindowsSource windows(Path file, String encoding) {
    return new TextWindowsSource(file.toString(), 5, 5, new TextEncoding(encoding), WORDS);
  }

  @Test
  void bytesThatAreNoCharactersAreNamedWithTheirLine() throws IOException {
    refused(
        windows(write("latin.txt", "one\ntwo\ngr\u00FC\u00DFe\n"), "utf-8"),
        "latin.txt line 3:",
        "is not UTF-8",
        "encoding: latin-1");
    refused(table(write("t.csv", "text,kind\na,b\n\u00FC,c\n")), "t.csv line 3", "not UTF-8");
    refused(
        windows(write("odd.txt", "o\0n\0e\0\n\0\0\u00D8x\0"), "utf-16le"),
        "odd.txt line 2:",
        "is not UTF-16LE text");
    var source =
        new TextLinesSource(
            write("Kind.txt", "a\nb\n\u00FF").toString(), List.of(), TextEncoding.UTF_8, WORDS);
    refused(source, "Kind.txt line 3:", "is not UTF-8");
  }

  @Test
  void utf16IsRecognised() throws IOException {
    refused(windows(write("t.txt", "\u00FF\u00FEa\0"), "utf-8"), "t.txt: is UTF-16", "utf-16");
  }

  @Test
  void binaryFilesAreNoText() throws IOException {
    refused(windows(write("t.bin", "ab\0\1"), "utf-8"), "t.bin: is not text but binary");
  }

  @Test
  void emptyTextsAreNamed() throws IOException {
    refused(
        table(write("t.csv", "text,kind\na,b\n\"\",c\n")),
        "t.csv line 3: column 'text': the text is empty");
    refused(
        table(write("u.csv", "text,kind\na,b\n?!,c\n")),
        "u.csv line 3: column 'text': nothing is left of the text '?!'");
    write("d/a/1.txt", "x");
    write("d/b/2.txt", " \n");
    var source =
        new TextDirectorySource(
            folder.resolve("d").toString(), List.of(), TextEncoding.UTF_8, WORDS);
    // An empty file is none at all to Hadoop's folders, a blank one is an empty text.
    refused(source, "d/b: file 2.txt: the text is empty");
  }

  @Test
  void unknownClassesAreNamed() throws IOException {
    refused(
        table(write("t.csv", "text,kind\na,b\nd,c\n"), "b", "x"),
        "t.csv line 3: column 'kind': label 'c' is not among the classes b, x");
    write("l/Dog.txt", "wuff\n");
    var lines =
        new TextLinesSource(
            folder.resolve("l").toString(), List.of("Cat", "Cow"), TextEncoding.UTF_8, WORDS);
    refused(lines, "Dog.txt line 1: the file's name is its class", "'Dog' is not among");
  }

  @Test
  void oneClassIsNone() throws IOException {
    write("l/Dog.txt", "wuff\n");
    var lines =
        new TextLinesSource(folder.resolve("l").toString(), List.of(), TextEncoding.UTF_8, WORDS);
    refused(lines, "only the class 'Dog'");
  }

  @Test
  void oneTokenIsNoText() throws IOException {
    refused(windows(write("t.txt", "word\n"), "utf-8"), "t.txt: holds no two tokens");
  }

  @Test
  void filesBesideFoldersAreNamed() throws IOException {
    write("d/a/1.txt", "x");
    write("d/readme.txt", "x");
    var source =
        new TextDirectorySource(
            folder.resolve("d").toString(), List.of(), TextEncoding.UTF_8, WORDS);
    refused(source, "holds the file readme.txt beside folders");
  }

  @Test
  void encodingsThatNobodyKnowsAreRefused() {
    assertThatThrownBy(() -> new TextEncoding("klingon-8"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'klingon-8', which is not known");
  }
}
