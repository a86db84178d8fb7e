package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From texts to a network that tells them apart, and scores others by itself. */
class TextTrainingTest {
  @TempDir private static Path folder;
  private static TrainedModel trained;

  /** Two vocabularies with a few words in common; words of the test alone are unknown. */
  private static void write(String name, int texts, String rare) throws IOException {
    var random = new SplittableRandom(name.length());
    List<String> common = List.of("der", "la", "a");
    var table = new StringBuilder("sprache,satz\n");
    for (int i = 0; i < texts; i++) {
      List<String> own =
          i % 2 == 0 ? List.of("Hund", "Straße", "und") : List.of("chien", "rue", "et");
      table.append(i % 2 == 0 ? "deutsch,\"" : "français,\"");
      for (int word = 2 + random.nextInt(6); word > 0; word--) {
        table.append((random.nextInt(3) == 0 ? common : own).get(random.nextInt(3))).append(", ");
      }
      table.append(own.get(0)).append(i % 5 == 0 ? rare : "").append("!\"\n");
    }
    Files.writeString(folder.resolve(name), table);
  }

  private static PlanBuilder plan(String run) {
    String table = "textCsv: {path: %s, text: satz, label: sprache%s}";
    return PlanBuilder.named("languages")
        .train(table.formatted(folder.resolve("train.csv"), ", maxTokens: 9, maxLength: 8"))
        .test(table.formatted(folder.resolve("test.csv"), ""))
        .validation(0.1)
        .layers("embedding: 6", "simpleRnn: 6", "dense: {activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.02}")
        .replicas(2)
        .batch(10)
        .epochs(8)
        .set("run.engine", "inProcess")
        .directory(folder.resolve(run).toString());
  }

  @BeforeAll
  static void train() throws IOException {
    write("train.csv", 200, "");
    write("test.csv", 41, " Unbekanntes");
    trained = Training.of(plan("run").build()).run();
  }

  @Test
  void itTellsThemApart() {
    assertThat(trained.test().orElseThrow().metric("accuracy")).isEqualTo(1);
  }

  @Test
  void theModelFileAloneScoresATableLikeItsOwn() throws IOException {
    Path alone = Files.copy(folder.resolve("run/model.zip"), folder.resolve("languages.zip"));
    EvaluationResult again =
        Evaluation.of(alone.toString()).data(folder.resolve("test.csv").toString()).run();
    EvaluationResult test = trained.test().orElseThrow();
    // Sums are cut into other pieces, so the loss differs in its last digits.
    assertThat(again.metric("loss")).isCloseTo(test.metric("loss"), within(1e-6));
    assertThat(again.toJson().at("/classes")).isEqualTo(test.toJson().at("/classes"));
  }

  @Test
  void textsThatLieOtherwiseAreScoredAlike() throws IOException {
    Path lines = Files.createDirectories(folder.resolve("lines"));
    Files.write(lines.resolve("deutsch.txt"), "Der Hund\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(lines.resolve("français.txt"), "La rue\n");
    EvaluationResult result =
        trained.evaluate("{textLines: {path: %s, tokens: character}}".formatted(lines));
    assertThat(result.examples()).isEqualTo(2);
    assertThat(result.metric("accuracy")).isEqualTo(1);
  }

  /** Bad rows between the good ones change nothing but what is told. */
  @Test
  void badRecordsAreLeftOutCountedAndTold() throws IOException {
    String good = Files.readString(folder.resolve("train.csv"));
    int cut = good.indexOf('\n', good.length() / 2) + 1;
    String bad = "deutsch,\nfrançais\n";
    Files.writeString(
        folder.resolve("bad.csv"), good.substring(0, cut) + bad + good.substring(cut));
    List<String> notes = new ArrayList<>();
    Plan plan =
        plan("skipping")
            .train(
                "textCsv: {path: %s, text: satz, label: sprache, maxTokens: 9, maxLength: 8}"
                    .formatted(folder.resolve("bad.csv")))
            .set("data.badRecords", "skip")
            .build();
    TrainedModel model =
        Training.of(plan)
            .listener(
                new TrainingListener() {
                  @Override
                  public void note(String line) {
                    notes.add(line);
                  }
                })
            .run();
    assertThat(model.test().orElseThrow().toJson())
        .isEqualTo(trained.test().orElseThrow().toJson());
    assertThat(notes)
        .anyMatch(
            it ->
                it.matches(
                    "data.train: 2 of 202 texts skipped: 1 empty, 1 with too few or too many values"
                        + " \\(first: .*/bad.csv line \\d+\\)"));
    assertThat(Files.readString(folder.resolve("skipping/events.jsonl")))
        .contains("\"skipped\":{\"records\":2,\"kinds\":{\"empty\":1,\"columns\":1},\"first\":[{");

    // As the plan says, unless something else is said.
    String table = folder.resolve("bad.csv").toString();
    EvaluationResult result = model.evaluate(table);
    assertThat(result.examples()).isEqualTo(200);
    assertThat(result.skipped().total()).isEqualTo(2);
    assertThat(result.toJson().at("/skipped/kinds/columns").asInt()).isEqualTo(1);
    Evaluation strict =
        Evaluation.of(folder.resolve("skipping").toString())
            .data(table)
            .badRecords(BadRecords.FAIL);
    assertThatThrownBy(strict::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.csv line");
  }

  @Test
  void numbersAreNoTexts() throws IOException {
    Path numbers = Files.writeString(folder.resolve("n.csv"), "a,sprache\n1,deutsch\n");
    assertThatThrownBy(
            () -> trained.evaluate("{csv: {path: %s, label: sprache}}".formatted(numbers)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no text, but the training examples are text");
  }

  @Test
  void theEngineDoesNotMatter() throws IOException {
    Training.of(plan("spark").set("run.engine", "spark").set("run.master", "local[2]").build())
        .run();
    assertThat(folder.resolve("spark/model.zip"))
        .hasBinaryContent(Files.readAllBytes(folder.resolve("run/model.zip")));
  }
}
