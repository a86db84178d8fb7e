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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
  private static final int ROWS = 40;

  /** What tables are made of that people keep: blanks, quotes, commas, nothing. */
  private static final List<String> NOTES =
      List.of("plain", "", "\" blank \"", "\"a, b\"", "\"she said \"\"no\"\"\"", "007", "ä€");

  @TempDir private static Path folder;
  private static String run;
  private static int outputs;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    table("train.csv", "");
    run =
        new ScoreCommandTest()
            .trained(
                "corners",
                """
                data:
                  train: {csv: {path: %1$s/train.csv, label: corner, features: [x, y]}}
                model:
                  layers: [dense: {units: 6, activation: tanh}, dense: 3]
                  task: classification
                """);
  }

  private String trained(String name, String dataAndModel) throws IOException {
    Path plan =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            ("name: " + name + "\n" + dataAndModel + "  optimizer: {adam: {learningRate: 0.05}}\n")
                    .formatted(folder)
                + """
                training: {batch: 8, epochs: 3}
                run: {directory: %s/%s, engine: inProcess}
                """
                    .formatted(folder, name));
    assertThat(execute("train", plan.toString(), "--progress", "none"))
        .as(() -> err.toString())
        .isEqualTo(Main.DONE);
    return folder + "/" + name;
  }

  /** Points at three corners, and a note that stands in quotes as a table has it. */
  private static String table(String name, String wrong) throws IOException {
    var text = new StringBuilder("id,x,corner,y,note\n");
    for (int row = 0; row < ROWS; row++) {
      int corner = row % 3;
      String x = row == 11 && !wrong.isEmpty() ? wrong : (corner == 1 ? 1 : 0) + "." + row % 10;
      String y = (corner == 2 ? 1 : 0) + "." + row % 7;
      text.append("%d,%s,%s,%s,%s%n".formatted(row, x, "abc".charAt(corner), y, note(row)));
    }
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String note(int row) {
    return NOTES.get(row % NOTES.size());
  }

  private static String output() {
    return folder.resolve("out" + outputs++).toString();
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int score(String model, String data, String output, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("score", "--model", model, "--data", data, "--output", output));
    arguments.addAll(List.of("--master", "local[1]", "--progress", "none"));
    arguments.addAll(List.of(more));
    return execute(arguments.toArray(String[]::new));
  }

  /** Lines of all files of scores, the header once. */
  private static List<String> lines(String output) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(output))) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().startsWith("part-")).sorted().toList()) {
        List<String> own = Files.readAllLines(file);
        all.addAll(all.isEmpty() || output.endsWith("json") ? own : own.subList(1, own.size()));
      }
    }
    return all;
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(it -> it.getFileName().toString()).toList();
    }
  }

  @Test
  void columnsOfTheInputAreCarriedThroughAsTheyStandThere() throws IOException {
    String output = output();

    int code = score(run, table("new.csv", ""), output);

    assertThat(code).as(() -> err.toString()).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("scored 40 examples in ", "40 records read, 0 left out, 40 rows written")
        .contains("columns id, x, corner, y, note, prediction, probability, loss")
        .contains("scores  " + output + " (1 csv file)");
    List<String> lines = lines(output);
    List<String> table = Files.readAllLines(folder.resolve("new.csv"));
    assertThat(lines).hasSize(ROWS + 1);
    assertThat(lines.get(0)).isEqualTo(table.get(0) + ",prediction,probability,loss");
    for (int row = 1; row <= ROWS; row++) {
      assertThat(lines.get(row))
          .startsWith(table.get(row) + ",")
          .matches(".*,[abc],0\\.\\d+,[\\d.E-]+");
    }
    assertThat(names(Path.of(output))).contains("_SUCCESS").anyMatch(it -> it.endsWith(".csv"));
  }

  @Test
  void allThatCanBeAskedForAsJson() throws IOException {
    String data = table("new.csv", "");
    String all = output() + "-json";

    int code = score(run, data, all, "--format", "JSON", "--keep", "id", "--top-k", "2", "--raw");

    assertThat(code).as(() -> err.toString()).isEqualTo(Main.DONE);

    for (int row = 0; row < ROWS; row++) {
      JsonNode full = new ObjectMapper().readTree(lines(all).get(row));
      assertThat(full.fieldNames())
          .toIterable()
          .containsExactly(
              "id",
              "prediction",
              "probability",
              "top1",
              "top1_probability",
              "top2",
              "top2_probability",
              "raw",
              "loss");
      assertThat(full.path("id").asInt()).isEqualTo(row);
      assertThat(full.path("top1")).isEqualTo(full.path("prediction"));
      assertThat(full.path("raw")).hasSize(3);
      double label = full.path("raw").path(row % 3).asDouble();
      assertThat(full.path("loss").asDouble()).isEqualTo(-Math.log(label), within(1e-4));
    }
  }

  /** Between the two renames that let new scores take the place of old ones. */
  @Test
  void whatDiedBeforeItsLastRenameIsEnded() throws IOException {
    String output = output();
    assertThat(score(run, table("ended.csv", ""), output)).isEqualTo(Main.DONE);
    List<String> beside = names(folder);
    Path hidden = Path.of(folder + "/." + Path.of(output).getFileName());
    Path old = Files.createDirectory(Path.of(hidden + ".old-x"));
    Files.createFile(old.resolve("_SUCCESS"));
    List<String> rows = lines(output);
    Files.move(Path.of(output), Path.of(hidden + ".new-y"));

    assertThat(score(run, folder + "/ended.csv", output)).isEqualTo(Main.WRONG_INPUT);

    assertThat(err.toString()).contains("is there already", "--overwrite");
    assertThat(lines(output)).isEqualTo(rows);
    assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(beside);
  }

  @Test
  void oldScoresStayUntilNewOnesAreWhole() throws IOException {
    String output = output();
    String bad = table("bad.csv", "far");
    assertThat(score(run, table("new.csv", ""), output)).isEqualTo(Main.DONE);
    List<String> old = lines(output);
    List<String> beside = names(folder);

    assertThat(score(run, bad, output)).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("is there already", "--overwrite");
    assertThat(score(run, bad, output, "--overwrite", "--bad-records", "fail"))
        .isEqualTo(Main.WRONG_INPUT);

    assertThat(err.toString()).contains("bad.csv line 13: column 'x': 'far' is not a number");
    assertThat(lines(output)).isEqualTo(old);
    assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(beside);

    Path remnant =
        Files.createDirectory(Path.of(folder + "/." + Path.of(output).getFileName() + ".new-x"));
    String[] other = {"--overwrite", "--format", "parquet", "--no-labels", "--probabilities"};
    int code = score(run, folder + "/new.csv", output, other);

    assertThat(code).as(() -> err.toString()).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("columns id, x, corner, y, note, prediction, probability, probability_a, probab")
        .doesNotContain("loss");
    assertThat(names(Path.of(output)))
        .noneMatch(it -> it.endsWith(".csv"))
        .anyMatch(it -> it.endsWith(".parquet"));
    assertThat(remnant).doesNotExist();
    assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(beside);
  }

  @Test
  void badRecordsAreSetAsideAndThoseOfAnEarlierTimeRemoved() throws IOException {
    String bad = table("bad.csv", "far");
    String aside = output();
    String output = output();

    assertThat(score(run, bad, output, "--bad-records", aside)).isEqualTo(Main.DONE);
    assertThat(out.toString())
        .contains("40 records read, 1 left out, 39 rows written", "left out: ", "bad     " + aside);
    assertThat(lines(aside)).hasSize(2);
    assertThat(lines(aside).get(0)).isEqualTo("file,line,kind,message,record");
    assertThat(lines(aside).get(1)).contains("bad.csv,13,noNumber,", "\"11,far,");

    assertThat(score(run, table("new.csv", ""), output, "--bad-records", aside, "--overwrite"))
        .as(() -> err.toString())
        .isEqualTo(Main.DONE);
    assertThat(Path.of(aside)).doesNotExist();
  }

  @Test
  void sequencesHaveAValueForEachStep() throws IOException {
    var text = new StringBuilder("walk,t,v,up\n");
    for (int sequence = 0; sequence < 12; sequence++) {
      for (int step = 0; step <= sequence % 4; step++) {
        text.append("w%d,%d,0.%d,%s%n".formatted(sequence, step, step, step > 1 ? "yes" : "no"));
      }
    }
    Files.writeString(folder.resolve("walks.csv"), text);
    String source =
        "{sequences: {path: %s/walks.csv, sequence: walk, time: t, label: up, per: step}}";
    String model =
        trained(
            "walks",
            """
            data: {train: %s}
            model:
              layers: [lstm: {units: 4, returnSequences: true}, dense: 2]
              task: sequenceLabelling
            """
                .formatted(source));
    String output = output();

    int code = score(model, folder + "/walks.csv", output);

    assertThat(code).as(() -> err.toString()).isEqualTo(Main.DONE);
    List<String> lines = lines(output);
    assertThat(lines.get(0))
        .isEqualTo("walk,prediction,probability,probability_no,probability_yes,loss");
    assertThat(lines).hasSize(13);
    String word = "\"\"(no|yes)\"\"";
    assertThat(lines.get(4)).matches("w3,\"\\[%s(,%s){3}]\",.*".formatted(word, word));
  }

  @Test
  void whatIsWrongIsSaidWithItsOptionAndNothingIsWritten() throws IOException {
    String data = table("new.csv", "");
    String file = Files.writeString(folder.resolve("file"), "x").toString();
    String output = output();

    refused(List.of("--output", "is a file"), run, data, file);
    refused(List.of("--output", "holds other files"), run, data, folder.toString(), "--overwrite");
    refused(List.of("nowhere", "does not exist"), folder + "/nowhere", data, output);
    refused(List.of("nothing.csv", "no such file"), run, folder + "/nothing.csv", output);
    refused(List.of("--format", "xls", "CSV"), run, data, output, "--format", "xls");
    refused(List.of("at least 1"), run, data, output, "--top-k", "0");
    refused(List.of("top-k", "4", "3 classes"), run, data, output, "--top-k", "4");
    refused(List.of("'nam'", "note"), run, data, output, "--keep", "id,nam");
    refused(List.of("mnist-10k", "a, b, c"), run, "mnist-10k", output);
    refused(List.of("--bad-records", output), run, data, output, "--bad-records", output + "/bad");
    String again = table("again.csv", "");
    Files.writeString(
        Path.of(again), Files.readString(Path.of(again)).replaceFirst("note", "Loss"));
    refused(List.of("'loss'", "--keep"), run, again, output);
    assertThat(execute("score", "--model", run, "--data", data)).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).contains("--output");
    assertThat(Path.of(output)).doesNotExist();
  }

  private void refused(List<String> words, String model, String data, String output, String... more)
      throws IOException {
    assertThat(score(model, data, output, more)).as(words + " " + err).isEqualTo(Main.WRONG_INPUT);
    assertThat(err.toString()).startsWith("error: ").contains(words).doesNotContain("Exception");
    assertThat(out.toString()).isEmpty();
  }
}
