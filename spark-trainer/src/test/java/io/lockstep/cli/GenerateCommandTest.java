package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.model.RandomLanguageModel;
import java.io.ByteArrayInputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest {
  @TempDir private static Path folder;
  private static String letters;
  private static String words;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void write() throws IOException {
    String lstm = "lstm: {units: 7, returnSequences: true}";
    letters =
        RandomLanguageModel.ofCharacters(folder.resolve("letters.zip"), "embedding: 4", lstm)
            .toString();
    words =
        RandomLanguageModel.ofWords(folder.resolve("words.zip"), "embedding: 4", lstm).toString();
  }

  private int generate(String model, String... more) {
    return generate(out, model, more);
  }

  private int generate(Writer to, String model, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "generate";
    arguments[1] = "--model";
    arguments[2] = model;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Main.commandLine()
        .setOut(new PrintWriter(to))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void writesOnFromThePromptAndTellsHowFast() {
    assertThat(generate(letters, "--prompt", "bead", "--length", "200")).isEqualTo(Main.DONE);
    assertThat(out.toString()).startsWith("bead").endsWith("\n").hasSize(205);
    assertThat(err.toString()).matches("200 characters in \\d+\\.\\d s \\([\\d,]+ a second\\)\n");
  }

  @Test
  void aWordFollowsABlank() {
    generate(words, "--prompt", "the fox", "--length", "1");
    assertThat(out.toString()).matches("the fox (the|a|fox|dog|jumps|sleeps)\n");
    assertThat(err.toString()).startsWith("1 word in ");
    out.getBuffer().setLength(0);
    generate(words, "--prompt", "the fox ", "--length", "2");
    assertThat(out.toString()).startsWith("the fox ").doesNotContain("  ");
  }

  @Test
  void severalSamplesHaveSeedsThatFollow() {
    generate(letters, "--prompt", "a", "--length", "30", "--seed", "8");
    String second = out.toString();
    out.getBuffer().setLength(0);

    generate(letters, "--prompt", "a", "--length", "30", "--seed", "7", "--samples", "2");

    assertThat(out.toString())
        .startsWith("--- 1 of 2, seed 7\na")
        .endsWith("\n--- 2 of 2, seed 8\n" + second);
    assertThat(err.toString()).containsPattern("(?m)^60 characters in \\d+\\.\\d s$");
  }

  @Test
  void thePromptMayComeFromStandardInput() {
    byte[] beginning = "bead\r\nfad\n".getBytes(StandardCharsets.UTF_8);
    assertThat(fromInput(beginning)).isEqualTo(Main.DONE);
    String typed = out.toString();
    out.getBuffer().setLength(0);
    generate(letters, "--prompt", "bead\nfad\n", "--length", "20");
    assertThat(typed.replace("\r", "")).isEqualTo(out.toString());
  }

  @Test
  void standardInputMustBeText() {
    assertThat(fromInput(new byte[] {'a', (byte) 0xE9, 'b'})).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("not UTF-8");
    assertThat(out.toString()).isEmpty();
  }

  private int fromInput(byte[] bytes) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bytes));
    try {
      return generate(letters, "--prompt", "-", "--length", "20");
    } finally {
      System.setIn(before);
    }
  }

  /** As {@code head} leaves: without a word, and without making the rest for nobody. */
  @Test
  void endsQuietlyWhenNobodyReads() {
    Writer closing =
        new FilterWriter(out) {
          @Override
          public void write(String text, int from, int length) throws IOException {
            if (GenerateCommandTest.this.out.getBuffer().length() > 50) {
              throw new IOException("Broken pipe");
            }
            super.write(text, from, length);
          }
        };
    assertThat(generate(closing, letters, "--length", "2000000000", "--samples", "3"))
        .isEqualTo(Main.DONE);
    assertThat(out.toString()).hasSizeBetween(50, 60);
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--length, 0, length must be at least 1",
    "--length, -5, length must be at least 1",
    "--length, 3000000000, '3000000000' is not an int",
    "--temperature, -1, temperature must be at least 0",
    "--top-k, -1, top-k must be at least 1",
    "--top-p, 1.5, top-p must be above 0 and at most 1",
    "--samples, 0, samples must be at least 1",
    "--prompt, Zebra, 'Z' 'r'",
  })
  void whatCannotBeIsToldBeforeAnythingIsWritten(String option, String value, String message) {
    assertThat(generate(letters, option, value)).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }
}
