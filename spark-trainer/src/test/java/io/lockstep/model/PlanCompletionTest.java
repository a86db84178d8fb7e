package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.ingest.Survey;
import io.lockstep.plan.PlanFingerprint;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan that leaves task, loss and activation to its data is the plan that says them. */
class PlanCompletionTest {
  @TempDir private static Path folder;

  /** Sources of each kind of data, by a word. */
  private static final Map<String, String> SOURCES =
      Map.ofEntries(
          Map.entry("two classes", "csv: {path: FOLDER/rows.csv, label: two, features: [a, b]}"),
          Map.entry("three", "csv: {path: FOLDER/rows.csv, label: three, features: [a, b]}"),
          Map.entry("numbers", "csv: {path: FOLDER/rows.csv, targets: [a, c], features: [b]}"),
          Map.entry(
              "steps",
              "csv: {path: FOLDER/rows.csv, label: three, features: [a, b], shape: [2, 1]}"),
          Map.entry("texts", "textCsv: {path: FOLDER/rows.csv, text: three, label: two}"),
          Map.entry("running text", "textWindows: {path: FOLDER/text.txt, length: 5}"),
          Map.entry("series", "series: {path: FOLDER/rows.csv, targets: a, window: 3, horizon: 2}"),
          Map.entry(
              "labelled steps",
              "sequences: {path: FOLDER/rows.csv, sequence: one, label: two, features: [a, b], per:"
                  + " step}"),
          Map.entry(
              "numbers of steps",
              "sequences: {path: FOLDER/rows.csv, sequence: one, targets: a, per: step, features:"
                  + " [b, c]}"));

  @BeforeAll
  static void write() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,c,one,two,three\n");
    for (int i = 0; i < 12; i++) {
      rows.append(
          "%d.5,%d,%d,x,%s,%s\n"
              .formatted(i, i * i % 5, i % 4, i % 2 == 0 ? "yes" : "no", "klm".charAt(i % 3)));
    }
    Files.writeString(folder.resolve("rows.csv"), rows);
    Files.writeString(folder.resolve("text.txt"), "to be or not to be that is the question");
  }

  private static ResolvedPlan plan(String source, String model) {
    String yaml =
        "data: {train: {%s}}\nmodel:\n  %s\n"
            .formatted(
                SOURCES.get(source).replace("FOLDER", folder.toString()),
                model.replace("; ", "\n  "));
    return PlanParser.resolve(yaml, "plan.yaml", List.of());
  }

  private static Exchange data(ResolvedPlan plan) throws IOException {
    return Survey.exchange(PreparedRun.request(plan.plan()), new Configuration());
  }

  private static ResolvedPlan complete(String source, String model) throws IOException {
    ResolvedPlan plan = plan(source, model);
    return PlanCompletion.of(plan, data(plan));
  }

  private static String network(ResolvedPlan plan, Exchange data) {
    return NetworkBuilder.build(
            plan.plan().model(),
            NetworkInput.of(data),
            data.labels(),
            plan.plan().seed(),
            plan.origins())
        .toJson();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "two classes | classification | [dense] | [{dense: {activation: sigmoid}}] |"
            + " binaryCrossentropy",
        "two classes | classification | [dense: 1] | [{dense: {units: 1, activation: sigmoid}}] |"
            + " binaryCrossentropy",
        "two classes | classification | [dense: 2] | [{dense: {units: 2, activation: softmax}}] |"
            + " categoricalCrossentropy",
        "two classes | classification | [dense: {activation: softmax}] | [{dense: {activation:"
            + " softmax}}] | categoricalCrossentropy",
        "two classes | classification | [dense: {activation: hardSigmoid}] | [{dense: {activation:"
            + " hardSigmoid}}] | binaryCrossentropy",
        "two classes | classification | [dense, activation: linear] | [dense, activation: sigmoid]"
            + " | binaryCrossentropy",
        "three | classification | [dense: 4, dense] | [dense: 4, dense: {activation: softmax}] |"
            + " categoricalCrossentropy",
        "three | classification | [dense: {units: 3, activation: softmax}] | [dense: {units: 3,"
            + " activation: softmax}] | categoricalCrossentropy",
        "numbers | regression | [dense] | [dense] | mse",
        "numbers | regression | [dense: {activation: sigmoid}] | [dense: {activation: sigmoid}] |"
            + " mse",
        "steps | sequenceClassification | [lstm: 2, dense] | [lstm: 2, dense: {activation:"
            + " softmax}] | categoricalCrossentropy",
        "texts | sequenceClassification | [embedding: 2, lstm: 2, dense] | [embedding: 2, lstm: 2,"
            + " dense: {activation: sigmoid}] | binaryCrossentropy",
        "running text | languageModel | [embedding: 2, {lstm: {units: 2, returnSequences: true}},"
            + " dense] | [embedding: 2, {lstm: {units: 2, returnSequences: true}}, dense:"
            + " {activation: softmax}] | categoricalCrossentropy",
        "series | forecasting | [lstm: 2, dense] | [lstm: 2, dense] | mae",
        "labelled steps | sequenceLabelling | [timeDistributed: {layer: {dense: {}}}] |"
            + " [timeDistributed: {layer: {dense: {activation: sigmoid}}}] | binaryCrossentropy",
        "numbers of steps | regression | [dense] | [dense] | mse",
      })
  void itIsThePlanThatSaysItAll(String source, String task, String layers, String said, String loss)
      throws IOException {
    ResolvedPlan written = plan(source, "layers: %s; loss: %s".formatted(said, loss));
    Exchange data = data(written);
    String fingerprint = PlanFingerprint.of(written.plan());
    for (String model :
        List.of("layers: " + layers, "task: %s; layers: %s".formatted(task, layers))) {
      ResolvedPlan full = PlanCompletion.of(plan(source, model), data);
      assertThat(PlanFingerprint.of(full.plan())).isEqualTo(fingerprint);
      assertThat(network(full, data)).isEqualTo(network(written, data));
      assertThat(full.toYaml())
          .contains("task: " + task)
          .containsPattern("loss: " + loss + " +# from the " + (model.startsWith("t") ? "t" : "d"));
      ResolvedPlan recorded = PlanParser.resolve(full.toYaml(), "plan.yaml", List.of());
      assertThat(PlanCompletion.of(recorded, data).plan()).isEqualTo(full.plan());
    }
    assertThat(PlanCompletion.of(written, data)).isSameAs(written);
  }

  /** A general word is right for what has a special one. */
  @Test
  void theTaskMayBeCalledByItsGeneralName() throws IOException {
    String layers = "; layers: [lstm: 2, dense]";
    assertThat(complete("steps", "task: classification" + layers).toYaml())
        .contains("task: classification", "loss: categoricalCrossentropy");
    assertThat(complete("series", "task: regression" + layers).toYaml())
        .contains("task: regression", "loss: mse");
  }

  @Test
  void aLossBesideTheTaskIsTakenAndDecidesTheEnd() throws IOException {
    String task = "task: classification; layers: [dense]; loss: ";
    assertThat(complete("two classes", task + "categoricalCrossentropy").toYaml())
        .containsPattern("activation: softmax +# from the task")
        .containsPattern("loss: categoricalCrossentropy +# plan.yaml:5");
    assertThat(complete("two classes", task + "binaryCrossentropy").toYaml())
        .contains("activation: sigmoid");
    assertThat(complete("two classes", task + "mse").toYaml()).contains("activation: linear");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "two classes | regression | the data has a class for each example; take classification, or"
            + " name the columns of numbers under targets",
        "numbers | classification | the data has numbers to be predicted for each example or time"
            + " step; take regression, or name the column of classes under label",
        "three | languageModel | the data has a class for each example; take classification, or"
            + " read running text with textWindows",
        "three | sequenceClassification | the data has a class for each example; take"
            + " classification, or give the examples time steps: texts, sequences, a table with"
            + " shape: [time, features]",
        "numbers | forecasting | the data has numbers to be predicted for each example or time"
            + " step; take regression, or read the table with series",
        "texts | sequenceLabelling | the data has a class for each sequence; take"
            + " sequenceClassification, or read sequences with a label and per: step",
        "labelled steps | classification | the data has a class for each time step; take"
            + " sequenceLabelling, or name the column of classes under label",
        "running text | sequenceLabelling | the data has running text, whose next tokens are"
            + " foretold; take languageModel, or read sequences with a label and per: step",
      })
  void anotherTaskThanThatOfTheDataIsRefused(String source, String task, String why) {
    assertThatThrownBy(() -> complete(source, "task: %s; layers: [dense]".formatted(task)))
        .isInstanceOf(InputException.class)
        .hasMessage("plan.yaml:3: model.task is %s, but %s".formatted(task, why));
  }

  @Test
  void aLossThatDoesNotSuitTheTaskIsRefusedAsThePlanIsRead() {
    assertThatThrownBy(() -> plan("series", "task: forecasting; loss: hinge; layers: [dense]"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "plan.yaml:4: model.loss is hinge, but the task is forecasting, which takes mae, mse,"
                + " mape, msle, poisson; leave out one of them");
  }

  @Test
  void aPlanWithALossAndNoTaskSaysItsActivationItself() {
    assertThatThrownBy(
            () -> {
              ResolvedPlan plan =
                  complete("three", "layers: [dense]; loss: categoricalCrossentropy");
              network(plan, data(plan));
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining("must end in softmax");
  }
}
