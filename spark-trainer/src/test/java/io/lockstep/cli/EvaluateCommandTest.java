package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private static Path folder;
  private static String run;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A small model, trained and tested by the train command. */
  @BeforeAll
  static void train() throws IOException {
    run = folder.resolve("run").toString();
    csv("train.csv", 90, 1);
    csv("test.csv", 61, 2);
    Path plan =
        Files.writeString(
            folder.resolve("plan.yaml"),
            """
            name: corners
            data:
              train: {csv: {path: %1$s/train.csv, label: corner}}
              test: {csv: {path: %1$s/test.csv, label: corner}}
              normalize: standardize
            model:
              layers:
                - dense: {units: 6, activation: tanh}
                - dense: {units: 3, activation: softmax}
              loss: categoricalCrossentropy
              optimizer: {sgd: {learningRate: 0.5}}
            training: {replicas: 2, batch: 5, localSteps: 2, epochs: 3}
            evaluation: {batch: 16, topK: 2}
            run: {directory: %2$s, engine: inProcess}
            """
                .formatted(folder, run));
    var test = new EvaluateCommandTest();
    assertThat(test.execute("train", plan.toString(), "--progress", "none"))
        .as(() -> test.err.toString())
        .isEqualTo(Main.DONE);
  }

  /** Points near three corners; the nearest gives the class. */
  private static void csv(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    var text = new StringBuilder("x,y,corner\n");
    for (int row = 0; row < rows; row++) {
      int corner = random.nextInt(3);
      double x = (corner == 1 ? 10 : 0) + 2 * random.nextGaussian();
      double y = (corner == 2 ? 200 : 100) + 20 * random.nextGaussian();
      text.append(String.format(Locale.ROOT, "%f,%f,%s%n", x, y, "abc".charAt(corner)));
    }
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("no-folder"), "");
    for (String command : List.of("evaluate --json", "forecast --csv")) {
      String[] words = command.split(" ", -1);
      for (String path : List.of(file + "/x.json", folder.toString(), "nosuch://x/y")) {
        err.getBuffer().setLength(0);
        assertThat(execute(words[0], "--model", "no/such/model", words[1], path))
            .isEqualTo(Main.WRONG_INPUT);
        assertThat(err.toString())
            .startsWith("error: ")
            .contains(path)
            .doesNotContain("no/such/model", "Exception");
      }
    }
    assertThat(file).isEmptyFile();
  }

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private JsonNode figures(String... more) throws IOException {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(new String[] {"evaluate", "--model", run, "--json", "-"}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    out.getBuffer().setLength(0);
    assertThat(execute(arguments)).as(() -> err.toString()).isEqualTo(Main.DONE);
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void aModelHasTheFiguresItHadWhenItWasTrained() throws IOException {
    JsonNode trained =
        new ObjectMapper().readTree(Path.of(run, "evaluation.json").toFile()).path("metrics");

    JsonNode found = figures();

    assertThat(found.path("examples").asInt()).isEqualTo(61);
    for (String metric : new String[] {"accuracy", "precision", "recall", "f1", "topK"}) {
      assertThat(found.at("/metrics/" + metric)).isEqualTo(trained.path(metric));
    }
    // Other pieces and minibatches: the same mean but for rounding.
    assertThat(found.at("/metrics/loss").asDouble())
        .isEqualTo(trained.path("loss").asDouble(), within(1e-6));
    assertThat(found.at("/metrics/accuracy").asDouble()).isGreaterThan(0.8);
    assertThat(found.at("/classes/1/name").asText()).isEqualTo("b");
  }

  @Test
  void sparkGivesTheSameBitsAsOneThread() throws IOException {
    assertThat(figures("--master", "local[2]")).isEqualTo(figures());
  }

  @Test
  void otherDataIsGivenByPathOrAsASource() throws IOException {
    csv("later.csv", 25, 3);
    String path = folder.resolve("later.csv").toString();

    JsonNode byPath = figures("--data", path);

    assertThat(byPath.path("examples").asInt()).isEqualTo(25);
    assertThat(figures("--data", "{csv: {path: %s, label: corner}}".formatted(path)))
        .isEqualTo(byPath);
  }

  @Test
  void theTableAndTheFileOfFiguresAreWritten() throws IOException {
    Path file = folder.resolve("figures.json");

    int code = execute("evaluate", "--model", run + "/model.zip", "--json", file.toString());

    assertThat(code).isEqualTo(Main.DONE);
    assertThat(out.toString()).contains("61 examples", "top-2", "predicted", "written to");
    assertThat(new ObjectMapper().readTree(file.toFile()).path("k").asInt()).isEqualTo(2);
  }

  @Test
  void dataThatDoesNotFitTheModelIsWrongInput() throws IOException {
    assertThat(execute("evaluate", "--model", run, "--data", "mnist-10k"))
        .isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("error: ");
  }

  @Test
  void aModelThatLeftItsRunDirectoryKnowsItsTable() throws IOException {
    Path alone = Files.createDirectories(folder.resolve("alone")).resolve("model.zip");
    Files.copy(Path.of(run, "model.zip"), alone, StandardCopyOption.REPLACE_EXISTING);
    JsonNode beside =
        figures("--data", folder + "/test.csv", "--master", "local[1]", "--top-k", "1");

    out.getBuffer().setLength(0);
    int code =
        execute(
            "evaluate",
            "--model",
            alone.toString(),
            "--data",
            folder + "/test.csv",
            "--json",
            "-",
            "--master",
            "local[1]");

    assertThat(code).as(() -> err.toString()).isEqualTo(Main.DONE);
    JsonNode found = new ObjectMapper().readTree(out.toString());
    assertThat(found.at("/metrics/accuracy")).isEqualTo(beside.at("/metrics/accuracy"));
    assertThat(found.at("/classes/1/name").asText()).isEqualTo("b");
  }

  @Test
  void columnsAreFoundByNameWhateverTheirOrder() throws IOException {
    var moved = new StringBuilder("corner,more,y,x\n");
    List<String> lines = Files.readAllLines(folder.resolve("test.csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      moved.append("%s,7,%s,%s%n".formatted(values[2], values[1], values[0]));
    }
    Files.writeString(folder.resolve("moved.csv"), moved);
    assertThat(figures("--data", folder + "/moved.csv"))
        .isEqualTo(figures("--data", folder + "/test.csv"));

    Files.writeString(folder.resolve("lacking.csv"), "x,corner\n1,a\n");
    assertThat(execute("evaluate", "--model", run, "--data", folder + "/lacking.csv"))
        .isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("lacking.csv", "y");
  }

  @Test
  void aPlaceWithoutAModelIsWrongInput() {
    assertThat(execute("evaluate", "--model", folder.resolve("nowhere").toString()))
        .isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("nowhere", "does not exist");
  }

  @Test
  void moreClassesThanThereAreCannotBeTheTop() {
    assertThat(execute("evaluate", "--model", run, "--top-k", "4")).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("top-4");
  }
}
