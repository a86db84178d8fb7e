package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeTable() throws IOException {
    Random random = new Random(1);
    var text = new StringBuilder("x,y\n");
    for (int i = 0; i < 200; i++) {
      double x = random.nextGaussian();
      text.append(x).append(',').append(3 * x).append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), text);
  }

  /** The learning rate makes the error five times larger with each step, until it overflows. */
  @Test
  void aFailedRunEndsAtTheRoundItReached() throws IOException {
    int code = train("model.optimizer={sgd: {learningRate: 3}}", "training.epochs=20");

    assertThat(code).as(err.toString()).isEqualTo(Main.FAILED);
    assertThat(err.toString())
        .startsWith("error: the loss became ")
        .doesNotContain("Exception", "stack trace");
    List<JsonNode> events = events();
    long rounds = events.stream().filter(it -> it.path("event").asText().equals("round")).count();
    JsonNode end = events.get(events.size() - 1);
    assertThat(end.path("outcome").asText()).isEqualTo("failed");
    assertThat(rounds).isPositive();
    assertThat(end.path("round").asLong()).isEqualTo(rounds);
    assertThat(end.path("seconds").asDouble()).isPositive();
  }

  @Test
  void aMissingTableIsNamedWithItsKeyAndARemedy() {
    int code = train("data.train.csv.path=no/such.csv");

    assertThat(code).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString())
        .startsWith(
            "error: %s:2: data.train: no/such.csv: no such file (looked at file:/"
                .formatted(folder.resolve("plan.yaml")))
        .contains("relative to", "absolute");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.replicas=400 | training.replicas is 400, but there are only 200 examples to train
          data.validation=0.999 | data.validation: Nothing left to train: 200 example(s), of which
          evaluation.topK=5     | evaluation.topK is 5, but the network has 1 output(s)
          """)
  void whatDoesNotSuitTheDataIsNamedWithItsPlace(String setting, String message) {
    assertThat(train(setting)).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).startsWith("error: command line: " + message);
  }

  /** Whatever else is wrong: what can be said at once is said before data is read. */
  @Test
  void theRunDirectoryIsLookedAtFirst() throws IOException {
    Path thesis = Files.createDirectories(folder.resolve("run")).resolve("thesis.txt");
    Files.writeString(thesis, "years of work");
    Path file = Files.writeString(folder.resolve("file"), "");
    String[] directories = {folder.resolve("run").toString(), file.toString(), file + "/run"};
    String[] why = {
      "is not a run directory", "cannot be written to: it is a file", "cannot be written to"
    };
    for (int i = 0; i < why.length; i++) {
      err.getBuffer().setLength(0);
      assertThat(train("data.train.csv.path=no/such.csv", "run.directory=" + directories[i]))
          .isEqualTo(Main.WRONG_INPUT);
      assertThat(err.toString()).contains(why[i]).doesNotContain("no/such.csv");
    }
    assertThat(folder.resolve("run")).isDirectoryContaining(it -> it.equals(thesis));
  }

  @Test
  void moreThreadsThanCoresAreRefusedBeforeAnythingIsWritten() {
    int code = train("run.engine=spark", "run.master=local[1]", "compute.threads=2");

    assertThat(code).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("compute.threads", "--master 'local[2]'");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private int train(String... settings) {
    try {
      Path plan =
          Files.writeString(
              folder.resolve("plan.yaml"),
              """
              name: line
              data: {train: {csv: {path: %1$s/table.csv, targets: [y]}}, normalize: standardize}
              model:
                layers:
                  - dense: {units: 1}
                loss: mse
                optimizer: {sgd: {learningRate: 0.1}}
              training: {replicas: 2, batch: 8, localSteps: 2, epochs: 1}
              run: {directory: %1$s/run, engine: inProcess}
              """
                  .formatted(folder));
      List<String> args = new ArrayList<>(List.of("train", plan.toString(), "--progress", "none"));
      for (String setting : settings) {
        args.add("--set");
        args.add(setting);
      }
      return Main.commandLine()
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true))
          .execute(args.toArray(String[]::new));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<JsonNode> events() throws IOException {
    var mapper = new ObjectMapper();
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("run/events.jsonl"))) {
      events.add(mapper.readTree(line));
    }
    return events;
  }
}
