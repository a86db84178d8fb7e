package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import example.TwoOutputs;
import io.lockstep.data.InputException;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.source.csv.TableInput;
import io.lockstep.data.source.csv.TableOutput;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelCard;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs with several inputs and outputs, from a table or a data set to figures of each output. */
class SeveralPortsTest {
  private static final String TRAIN = "../conf/data/breast-cancer-train.csv";
  private static final String TEST = "../conf/data/breast-cancer-test.csv";
  private static final String OUTLINE = "outline: [perimeter, concavity, concave points]";

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void openSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .getOrCreate();
  }

  @AfterAll
  static void closeSpark() {
    spark.stop();
  }

  private static String table(String path, String outline) {
    return """
    csv:
      path: %s
      inputs:
        surface: [texture, smoothness, compactness, symmetry, fractal dimension]
        %s
      outputs:
        size: {targets: [area]}
        malignant: {label: malignant, classes: [0, 1]}
    """
        .formatted(path, outline);
  }

  /** Inputs and outputs stand in another order than in the network. */
  private PlanBuilder plan(String name) throws IOException {
    Path json = Files.writeString(folder.resolve("graph.json"), TwoOutputs.json());
    return PlanBuilder.named("several")
        .train(table(TRAIN, OUTLINE))
        .test(table(TEST, OUTLINE))
        .validation(0.1)
        .normalize(Normalization.STANDARDIZE)
        .set("data.standardizeTargets", true)
        .set("model", "{dl4j: '%s'}".formatted(json))
        .replicas(2)
        .batch(32)
        .localSteps(2)
        .epochs(3)
        .set("training.earlyStopping", "{metric: size.rmse, patience: 5}")
        .set("run.engine", "inProcess")
        .directory(folder.resolve(name).toString());
  }

  private static ModelFile file(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration());
  }

  private static float[] weights(TrainedModel model) throws IOException {
    return file(model).state().parameters();
  }

  @Test
  void itTrainsResumesAndIsMeasuredOnAnyEngineWithTheSameBits() throws IOException {
    TrainedModel model = Training.of(plan("run").build()).run();
    EvaluationResult test = model.test().orElseThrow();
    assertThat(test.outputs().keySet()).containsExactly("size", "malignant");
    assertThat(test.metric("malignant.accuracy")).isBetween(0.5, 1.0);
    assertThat(test.metric("size.rmse")).isBetween(50.0, 500.0);
    assertThat(test.toJson().at("/outputs/malignant/metrics/auc").asDouble()).isGreaterThan(0.6);
    assertThat(model.scores("validation").orElseThrow().at("/outputs/size/metrics/r2").isNumber())
        .isTrue();

    boolean[] stop = {false};
    TrainedModel stopped =
        Training.of(plan("stopped").build())
            .listener(
                new TrainingListener() {
                  @Override
                  public void round(Position next, double loss) {
                    stop[0] = next.round() == 5;
                  }
                })
            .stopWhen(() -> stop[0])
            .run();
    assertThat(stopped.file()).isEmpty();
    TrainedModel resumed = Training.resume(folder.resolve("stopped").toString()).run();
    assertThat(weights(resumed)).isEqualTo(weights(model));

    TrainedModel onSpark =
        Training.of(plan("spark").set("run.engine", "spark").build()).spark(spark).run();
    assertThat(weights(onSpark)).isEqualTo(weights(model));
    assertThat(onSpark.test().orElseThrow().toJson()).isEqualTo(test.toJson());

    EvaluationResult later =
        Evaluation.of(Files.copy(folder.resolve("run/model.zip"), folder.resolve("alone.zip")) + "")
            .data(TEST)
            .spark(spark)
            .run();
    assertThat(later.metric("loss")).isCloseTo(test.metric("loss"), within(1e-6));
    assertThat(later.metric("size.rmse")).isCloseTo(test.metric("size.rmse"), within(1e-3));
    assertThat(later.metric("malignant.auc")).isEqualTo(test.metric("malignant.auc"));
  }

  @Test
  void plainDl4jFindsTheSameWithWhatTheCardTells() throws IOException {
    TrainedModel model = Training.of(plan("run").build()).run();
    ModelCard card = file(model).card();
    List<String> lines = Files.readAllLines(Path.of(TEST));
    List<String> header = List.of(lines.get(0).split(",", -1));
    INDArray[] inputs = new INDArray[2];
    for (int input = 0; input < 2; input++) { // the network's order: outline, surface
      List<String> columns = card.table().orElseThrow().inputs().get(1 - input).columns();
      var own = (Standardization) card.preparation().input(1 - input);
      inputs[input] = Nd4j.zeros(lines.size() - 1, columns.size());
      for (int row = 1; row < lines.size(); row++) {
        String[] cells = lines.get(row).split(",", -1);
        for (int j = 0; j < columns.size(); j++) {
          double value = Double.parseDouble(cells[header.indexOf(columns.get(j))]);
          inputs[input].putScalar(row - 1, j, (value - own.mean()[j]) / own.deviation()[j]);
        }
      }
    }
    ComputationGraph plain =
        ModelSerializer.restoreComputationGraph(folder.resolve("run/model.zip").toFile(), true);
    INDArray[] out = plain.output(inputs);

    Standardization area = card.preparation().targets(0).orElseThrow();
    double squares = 0;
    int right = 0;
    for (int row = 1; row < lines.size(); row++) {
      String[] cells = lines.get(row).split(",", -1);
      double size = out[1].getDouble(row - 1, 0) * area.deviation()[0] + area.mean()[0];
      squares += Math.pow(size - Double.parseDouble(cells[header.indexOf("area")]), 2);
      boolean yes = out[0].getDouble(row - 1, 0) >= 0.5;
      right += yes == cells[header.indexOf("malignant")].equals("1") ? 1 : 0;
    }
    int rows = lines.size() - 1;
    EvaluationResult test = model.test().orElseThrow();
    assertThat(test.metric("size.rmse")).isCloseTo(Math.sqrt(squares / rows), within(1e-2));
    assertThat(test.metric("malignant.accuracy")).isEqualTo(right / (double) rows);
  }

  @Test
  void aDataSetTrainsAsTheTableWithTheSameRows() throws IOException {
    Dataset<Row> frame =
        spark.read().option("header", true).option("inferSchema", true).csv(TRAIN).coalesce(1);
    var given =
        Examples.of(frame)
            .output(TableOutput.targets("size", "area"))
            .output(TableOutput.label("malignant", "malignant").classes("0", "1"))
            .input(
                TableInput.of(
                    "surface",
                    "texture",
                    "smoothness",
                    "compactness",
                    "symmetry",
                    "fractal dimension"))
            .input(TableInput.of("outline", "perimeter", "concavity", "concave points"));
    TrainedModel ofTable = Training.of(plan("table").epochs(1).build()).run();
    TrainedModel ofFrame =
        Training.of(plan("frame").epochs(1).set("run.engine", "spark").build())
            .train(given)
            .test(given)
            .spark(spark)
            .run();
    assertThat(weights(ofFrame)).isEqualTo(weights(ofTable));
    assertThat(ofFrame.evaluate(TEST).toJson().at("/outputs/size/metrics/rmse").asDouble())
        .isCloseTo(ofTable.test().orElseThrow().metric("size.rmse"), within(1e-3));
  }

  /** A row beside two sequences of uneven lengths in one input, for a single output. */
  @Test
  void aDataSetMayHaveSequencesBesideRows() throws IOException {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      double[] pages = random.doubles(1 + random.nextInt(5), -1, 1).toArray();
      double[] seconds = random.doubles(pages.length, -1, 1).toArray();
      double age = random.nextGaussian();
      boolean leaves = age + Arrays.stream(pages).sum() > 0;
      rows.add(RowFactory.create(age, pages, seconds, leaves ? "yes" : "no"));
    }
    var columns =
        new StructType()
            .add("age", DataTypes.DoubleType)
            .add("pages", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("seconds", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("leaves", DataTypes.StringType);
    var examples =
        Examples.of(spark.createDataFrame(rows, columns).coalesce(1))
            .label("leaves")
            .input(TableInput.of("profile", "age"))
            .input(TableInput.sequence("visits", "pages", "seconds"));
    String json =
        new NeuralNetConfiguration.Builder()
            .updater(new org.nd4j.linalg.learning.config.Adam(0.02))
            .graphBuilder()
            .addInputs("visits", "profile")
            .setInputTypes(InputType.recurrent(2), InputType.feedForward(1))
            .addLayer("lstm", new LSTM.Builder().nOut(6).build(), "visits")
            .addLayer("pooled", new GlobalPoolingLayer(), "lstm")
            .addVertex("both", new MergeVertex(), "pooled", "profile")
            .addLayer(
                "leaves",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .nOut(2)
                    .build(),
                "both")
            .setOutputs("leaves")
            .build()
            .toJson();
    Path file = Files.writeString(folder.resolve("visits.json"), json);
    PlanBuilder plan =
        PlanBuilder.named("visits")
            .train("given")
            .normalize(Normalization.STANDARDIZE)
            .set("model", "{dl4j: '%s'}".formatted(file))
            .batch(8)
            .epochs(12)
            .directory(folder.resolve("visits").toString());
    TrainedModel model =
        Training.of(plan.build()).train(examples).test(examples).spark(spark).run();
    assertThat(model.test().orElseThrow().metric("accuracy")).isGreaterThan(0.8);
    assertThat(model.evaluate(examples).metric("loss"))
        .isCloseTo(model.test().orElseThrow().metric("loss"), within(1e-6));
  }

  @Test
  void whatDoesNotFitIsToldBeforeTheRun() throws IOException {
    String otherName = "outlines: [perimeter, concavity, concave points]";
    assertRefused(
        plan("run").train(table(TRAIN, otherName)).test(table(TEST, otherName)),
        "2 input(s) (outline, surface) and 2 output(s) (malignant, size), but the data has 2 inputs"
            + " (surface, outlines) and 2 outputs (size, malignant)");
    String narrow = "outline: [perimeter, concavity]";
    assertRefused(plan("run").train(table(TRAIN, narrow)).test(table(TEST, narrow)), "expects 3");
    assertRefused(
        plan("run").train(table(TRAIN, "outline: [perimeter, area]")),
        "column 'area' is both feature and label");
    assertRefused(
        plan("run").test(table(TEST, narrow)),
        "data.test has the inputs [surface [5], outline [2]], data.train has [surface [5], outline"
            + " [3]]: both must be alike");
    assertRefused(
        plan("run").set("training.earlyStopping.metric", "size.accuracy"),
        "training.earlyStopping.metric is size.accuracy, which is not measured here: take one of"
            + " loss, size.loss, size.mse");
    assertRefused(plan("run").set("training.stateful", true), "do not go on where the one before");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private static void assertRefused(PlanBuilder plan, String message) {
    assertThatThrownBy(() -> Training.of(plan.build()).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
