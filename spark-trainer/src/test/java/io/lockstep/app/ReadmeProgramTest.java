package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import example.Digits;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in README.md is this one, and it trains. */
class ReadmeProgramTest {
  @TempDir private Path folder;

  @Test
  void readmeShowsTheProgramAsItIsCompiled() throws Exception {
    String source = Files.readString(Path.of("src/test/java/example/Digits.java"));
    String shown =
        source
            .replace("package example;\n\n", "")
            .replace("/** The program of README.md, as it stands there. */\n", "");

    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "```");
  }

  @Test
  void itTrainsAndEvaluates() throws Exception {
    PrintStream out = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Digits.main(new String[] {folder.resolve("digits").toString()});
    } finally {
      System.setOut(out);
    }

    String text = printed.toString(StandardCharsets.UTF_8).strip();
    assertThat(text).startsWith("accuracy ");
    assertThat(Double.parseDouble(text.substring("accuracy ".length()))).isBetween(0.9, 0.99);
  }
}
