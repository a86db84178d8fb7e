package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import example.Digits;
import example.Flowers;
import example.Frames;
import example.TwoOutputs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs in README.md and docs/data.md are these, and they train. */
class ReadmeProgramTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "Digits, README.md",
    "Frames, docs/data.md",
    "Flowers, docs/guide/dataframes.md",
    "TwoOutputs, docs/guide/graphs.md"
  })
  void thePageShowsTheProgramAsItIsCompiled(String program, String page) throws Exception {
    String source = Files.readString(Path.of("src/test/java/example/%s.java".formatted(program)));
    String shown =
        source
            .replace("package example;\n\n", "")
            .replace("/** The program of %s, as it stands there. */\n".formatted(page), "");

    assertThat(Files.readString(Path.of("../" + page))).contains("```java\n" + shown + "```");
  }

  @Test
  void theOneOfGraphsWritesTheNetworkThatShips() throws Exception {
    assertThat(Files.readString(Path.of("../conf/two-outputs.json")).strip())
        .isEqualTo(TwoOutputs.json().strip());
  }

  @Test
  void theOneOfReadmeTrainsAndEvaluates() throws Exception {
    String text = printed(() -> Digits.main(new String[] {folder.resolve("digits").toString()}));
    assertThat(text).startsWith("accuracy ");
    assertThat(Double.parseDouble(text.substring("accuracy ".length()))).isBetween(0.9, 0.99);
  }

  @Test
  void theOneOfTheDataPageTrainsOnADataSet() throws Exception {
    String text = printed(() -> Frames.main(new String[] {folder.resolve("ring").toString()}));
    assertThat(text).startsWith("loss ");
    assertThat(Double.parseDouble(text.substring("loss ".length()))).isBetween(0.001, 0.2);
  }

  @Test
  void theOneOfSparkMlTrainsAPipelineSavesItAndTells() throws Exception {
    String text = printed(() -> Flowers.main(new String[] {folder.resolve("flowers").toString()}));
    assertThat(text).startsWith("right ");
    assertThat(Integer.parseInt(text.substring("right ".length()))).isBetween(280, 300);
  }

  private static String printed(Executable program) throws Exception {
    PrintStream out = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8).strip();
  }

  /** A program's main. */
  @FunctionalInterface
  private interface Executable {
    void run() throws Exception;
  }
}
