package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.PlanParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What is refused or warned of before the first round, since it could only end in nonsense. */
class DataFitTest {
  @TempDir private Path folder;
  private int runs;

  @ParameterizedTest
  @ValueSource(strings = {"auc", "auprc", "topK", "r2", "mse"})
  void earlyStoppingWatchesOnlyWhatTheTaskHas(String metric) throws IOException {
    Path file = table("y", "a", "b", "c");
    Training training =
        Training.of(
            plan("csv: {path: %s, label: y}".formatted(file), 3, "softmax")
                .loss("categoricalCrossentropy")
                .validation(0.3)
                .set("training.earlyStopping", "{metric: %s, patience: 1}".formatted(metric))
                .build());

    assertThatThrownBy(training::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training.earlyStopping.metric is " + metric)
        .hasMessageContaining("loss, accuracy, precision, recall, f1");
    assertThat(folder.resolve("run0")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 7, none, takes whole numbers from 0 to 6 for ids, 0 to 7",
    "-1, 2, none, takes whole numbers from 0 to 6 for ids, -1 to 2",
    "0.5, 2, none, takes whole numbers from 0 to 6 for ids, not all whole",
    "0, 6, standardize, data.normalize must be none, for ids",
  })
  void idsAreOnlySuchThatAnEmbeddingHas(
      String low, String high, String normalize, String rule, String why) throws IOException {
    Path file =
        Files.writeString(folder.resolve("ids.csv"), "w,y\n" + low + ",a\n" + high + ",b\n");
    String yaml =
        """
        data: {train: {csv: {path: '%s', label: y}}, normalize: %s}
        model:
          layers: [{embedding: {inputDim: 7, outputDim: 3}}, {lstm: 3}, {dense: {units: 2, activation: softmax}}]
          loss: categoricalCrossentropy
        training: {replicas: 1}
        run: {directory: '%s', engine: inProcess}
        """
            .formatted(file, normalize, folder.resolve("ids"));
    Plan plan = PlanParser.parse(yaml, "ids.yaml", List.of());
    assertThatThrownBy(() -> Training.of(plan).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(rule)
        .hasMessageContaining(why);
  }

  @Test
  void theDeterminationOfConstantTargetsIsNotWatched() throws IOException {
    assertRefused(
        regression(table("y", "3", "3"), "mse", "linear")
            .validation(0.3)
            .set("training.earlyStopping", "{metric: r2, patience: 1}"),
        "not defined for targets that are all 3");
  }

  @ParameterizedTest
  @CsvSource({
    "binaryCrossentropy, sigmoid, 0, 2, from 0 to 1",
    "hinge, linear, -1, 3, -1 and 1",
    "msle, linear, -2, 1, 1 + target",
    "poisson, softplus, -1, 4, counts",
    "mape, linear, 0, 5, some are 0",
  })
  void aLossIsRefusedForTargetsForWhichItIsNotDefined(
      String loss, String activation, String low, String high, String why) throws IOException {
    assertRefused(
        regression(table("y", low, high), loss, activation), why, "from " + low + " to " + high);
  }

  @ParameterizedTest
  @CsvSource({
    "XENT, SIGMOID, 0, 2, 'binaryCrossentropy, which takes targets from 0 to 1'",
    "HINGE, IDENTITY, -1, 3, 'hinge, which takes the targets -1 and 1'",
    "MEAN_SQUARED_LOGARITHMIC_ERROR, IDENTITY, -2, 1, 'msle, which takes the logarithm'",
    "POISSON, SOFTPLUS, -1, 4, 'poisson, which takes counts'",
    "MEAN_ABSOLUTE_PERCENTAGE_ERROR, IDENTITY, 0, 5, 'mape, which divides by the target'",
    "KL_DIVERGENCE, SIGMOID, 0, 5, 'klDivergence, which takes targets from 0 to 1'",
  })
  void theLossOfADl4jFileIsLookedAtToo(
      String loss, String activation, String low, String high, String why) throws IOException {
    Path table = table("y", low, high);
    Path file = Files.writeString(folder.resolve("net.json"), dl4j(loss, activation));
    assertRefused(
        PlanBuilder.named("fit")
            .train("csv: {path: %s, targets: [y]}".formatted(table))
            .set("model", "{dl4j: %s}".formatted(file))
            .set("run.engine", "inProcess")
            .directory(folder.resolve("dl4j").toString()),
        "model.dl4j (" + file + ") has the loss " + why,
        "from " + low + " to " + high);
  }

  @Test
  void hingeOfADl4jFileIsRefusedForClasses() throws IOException {
    Path table = table("y", "0", "1");
    Path file = Files.writeString(folder.resolve("net.json"), dl4j("HINGE", "IDENTITY"));
    assertRefused(
        PlanBuilder.named("fit")
            .train("csv: {path: %s, label: y}".formatted(table))
            .set("model", "{dl4j: %s}".formatted(file))
            .set("run.engine", "inProcess"),
        "has the loss hinge, which has the labels -1 and 1, but the data has classes");
  }

  private static String dl4j(String loss, String activation) {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(new DenseLayer.Builder().nIn(2).nOut(3).activation(Activation.TANH).build())
        .layer(
            new OutputLayer.Builder(LossFunction.valueOf(loss))
                .nIn(3)
                .nOut(1)
                .activation(Activation.valueOf(activation))
                .build())
        .build()
        .toJson();
  }

  @Test
  void whatIsSeldomMeantIsWarnedOf() throws IOException {
    assertThat(
            notes(regression(table("y", "0", "1"), "mse", "linear").set("data.normalize", "scale")))
        .anyMatch(line -> line.contains("data.normalize is scale") && line.contains("from 0 to 1"));
    assertThat(notes(regression(table("y", "0", "30000"), "mse", "linear")))
        .anyMatch(line -> line.contains("targets reach from 0 to 30000"));
    assertThat(notes(regression(table("y", "-2", "5"), "mape", "linear")))
        .anyMatch(line -> line.contains("the targets reach from -2 to 5, across 0"));
    String[] prices = IntStream.range(100, 130).mapToObj(String::valueOf).toArray(String[]::new);
    assertThat(notes(plan("csv: {path: %s, label: y}".formatted(table("y", prices)), 30, "linear")))
        .contains(
            "warning: the labels are 30 different numbers for 40 examples, each a class of its own;"
                + " numbers to be predicted go under targets");
    assertThat(notes(normalised().batch(1))).anyMatch(line -> line.contains("training.batch is 1"));
    assertThat(notes(normalised().batch(13))).anyMatch(line -> line.contains("has 1 example"));
    assertThat(notes(normalised().batch(10))).noneMatch(line -> line.startsWith("warning"));
  }

  private PlanBuilder normalised() throws IOException {
    return regression(table("y", "0", "1"), "mse", "linear")
        .layers("dense: 4", "batchNormalization", "dense: 1");
  }

  private void assertRefused(PlanBuilder plan, String... reasons) {
    assertThatThrownBy(() -> Training.of(plan.build()).run())
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
  }

  private static List<String> notes(PlanBuilder plan) throws IOException {
    List<String> notes = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Training.of(plan.build()).listener(listener).run();
    return notes;
  }

  private PlanBuilder regression(Path file, String loss, String activation) {
    return plan("csv: {path: %s, targets: [y]}".formatted(file), 1, activation).loss(loss);
  }

  private PlanBuilder plan(String source, int units, String activation) {
    return PlanBuilder.named("fit")
        .train(source)
        .layers("dense: {units: %d, activation: %s}".formatted(units, activation))
        .batch(8)
        .set("run.engine", "inProcess")
        .directory(folder.resolve("run" + runs++).toString());
  }

  /** Forty examples with features in [0, 1] and the given labels in turn. */
  private Path table(String name, String... labels) throws IOException {
    StringBuilder text = new StringBuilder("a,b,").append(name).append('\n');
    for (int i = 0; i < 40; i++) {
      text.append(i / 39.0).append(',').append(i % 2).append(',').append(labels[i % labels.length]);
      text.append('\n');
    }
    return Files.writeString(folder.resolve(labels[0] + labels[1] + ".csv"), text);
  }
}
