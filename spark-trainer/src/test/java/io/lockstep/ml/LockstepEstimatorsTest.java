package io.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.data.InputException;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lockstep in pipelines of Spark ML, under Kryo, against the use-cases that it is a skin over. */
class LockstepEstimatorsTest {
  private static final int ROWS = 160;

  @TempDir private static Path folder;
  private static SparkSession session;
  private static Dataset<Row> points;

  @BeforeAll
  static void openSpark() {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    var random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      rows.add(RowFactory.create(i, x, y, x + y > 0 ? "right" : "left", x > y ? 1.0 : 0.0));
    }
    points =
        session.createDataFrame(
            rows,
            new StructType()
                .add("id", DataTypes.IntegerType)
                .add("x", DataTypes.DoubleType)
                .add("y", DataTypes.DoubleType)
                .add("side", DataTypes.StringType)
                .add("label", DataTypes.DoubleType));
  }

  @AfterAll
  static void closeSpark() {
    session.stop();
  }

  private static VectorAssembler assembler() {
    return new VectorAssembler().setInputCols(new String[] {"x", "y"}).setOutputCol("features");
  }

  private static Dataset<Row> assembled(Dataset<Row> rows) {
    return assembler().transform(rows);
  }

  private static LockstepClassifier classifier() {
    return new LockstepClassifier()
        .setLayers("dense: {units: 4, activation: tanh}", "dense")
        .setLearningRate(0.05)
        .setBatchSize(8)
        .setReplicas(2)
        .setLocalSteps(4)
        .setEpochs(8)
        .setSeed(5);
  }

  @Test
  void aPipelineIsChosenByCrossValidationSavedAndLoaded() throws IOException {
    var indexer =
        new StringIndexer()
            .setInputCol("side")
            .setOutputCol("number")
            .setStringOrderType("alphabetAsc");
    LockstepClassifier classifier = classifier().setIdCol("id");
    classifier.setLabelCol("number");
    var pipeline = new Pipeline().setStages(new PipelineStage[] {indexer, assembler(), classifier});
    ParamMap[] grid = new ParamGridBuilder().addGrid(classifier.epochs(), new int[] {1, 8}).build();
    var validator =
        new CrossValidator()
            .setEstimator(pipeline)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new BinaryClassificationEvaluator().setLabelCol("number"))
            .setNumFolds(2)
            .setSeed(1);

    CrossValidatorModel chosen = validator.fit(points.drop("label"));

    assertThat(chosen.avgMetrics()[1]).isGreaterThan(chosen.avgMetrics()[0]).isGreaterThan(0.95);
    var best = (PipelineModel) chosen.bestModel();
    List<Row> predicted = scored(best);
    assertThat(predicted.stream().filter(row -> row.getDouble(2) == row.getDouble(3)).count())
        .isGreaterThan(ROWS * 9 / 10);
    assertThat(predicted)
        .allSatisfy(
            row -> {
              var probability = (Vector) row.get(1);
              assertThat(probability.apply(0) + probability.apply(1)).isBetween(0.999, 1.001);
              assertThat(probability.argmax()).isEqualTo((int) row.getDouble(2));
              assertThat(((Vector) row.get(0)).argmax()).isEqualTo((int) row.getDouble(2));
            });
    best.write().overwrite().save(folder + "/saved");
    PipelineModel loaded = PipelineModel.load(folder + "/saved");
    assertThat(scored(loaded)).isEqualTo(predicted);
    var model = (LockstepClassificationModel) loaded.stages()[2];
    Row first = assembled(points).select("features").head();
    assertThat(model.predict((Vector) first.get(0))).isEqualTo(predicted.get(0).getDouble(2));
    assertThat(model.numClasses()).isEqualTo(2);
    assertThat(model.numFeatures()).isEqualTo(2);
    pipeline.write().save(folder + "/pipeline");
    var again = (LockstepClassifier) Pipeline.load(folder + "/pipeline").getStages()[2];
    assertThat(again.getOrDefault(again.epochs())).isEqualTo(8);
    assertThat(again.getOrDefault(again.layers()))
        .containsExactly("dense: {units: 4, activation: tanh}", "dense");
  }

  private static List<Row> scored(PipelineModel model) {
    return model
        .transform(points)
        .select("rawPrediction", "probability", "prediction", "number")
        .collectAsList();
  }

  @Test
  void withAnIdTheModelIsThatOfTheCommandLineHoweverRowsCome() throws IOException {
    var text = new StringBuilder("x,y,label\n");
    points
        .collectAsList()
        .forEach(
            row ->
                text.append(
                    "%s,%s,%s%n".formatted(row.get(1), row.get(2), (int) row.getDouble(4))));
    Files.writeString(folder.resolve("points.csv"), text);
    TrainedModel byPlan =
        Training.of(
                PlanBuilder.named("byplan")
                    .train("csv: {path: %s/points.csv, label: label}".formatted(folder))
                    .normalize(Normalization.STANDARDIZE)
                    .layers("dense: {units: 4, activation: tanh}", "dense")
                    .optimizer("adam: {learningRate: 0.05}")
                    .batch(8)
                    .replicas(2)
                    .localSteps(4)
                    .epochs(8)
                    .seed(5)
                    .directory(folder + "/byplan")
                    .build())
            .spark(session)
            .run();
    LockstepClassifier estimator = classifier().setIdCol("id").setNormalize("standardize");
    Dataset<Row> mixed = points.orderBy(functions.expr("id * 7919 % 101")).repartition(3);

    byte[] ordered = estimator.fit(assembled(points)).modelFile();
    LockstepClassificationModel other = estimator.fit(assembled(mixed));

    assertThat(weights(other.modelFile())).isEqualTo(weights(ordered));
    assertThat(weights(ordered))
        .isEqualTo(weights(Files.readAllBytes(folder.resolve("byplan/model.zip"))));
    assertThat(byPlan.directory()).isNotEmpty();
  }

  private static float[] weights(byte[] model) throws IOException {
    Path file = Files.write(folder.resolve("weights.zip"), model);
    return ModelFile.read(file.toString(), Kernels.AUTO, new Configuration()).state().parameters();
  }

  @Test
  void aRegressorTakesAPlanAndHoldsOutWhatIsMarked() throws IOException {
    Dataset<Row> prices =
        assembled(points)
            .withColumn("price", functions.expr("IF(id % 4 = 0, 1e6, 1000 + 200 * x - 100 * y)"))
            .withColumn("held", functions.expr("id % 4 = 0"))
            .withColumn("one", functions.lit(1.0));
    LockstepRegressor regressor =
        new LockstepRegressor()
            .setPlan(
                """
                name: prices
                data: {train: given, standardizeTargets: true}
                model:
                  layers: [dense]
                  optimizer: {adam: {learningRate: 0.05}}
                training: {batch: 8, epochs: 1}
                """)
            .setEpochs(30)
            .setIdCol("id")
            .setWeightCol("one")
            .setValidationIndicatorCol("held")
            .setDirectory(folder + "/runs");
    regressor.setLabelCol("price").setPredictionCol("guess");

    LockstepRegressionModel model = regressor.fit(prices);

    List<Row> guesses =
        model.transform(prices).where("not held").select("price", "guess").collectAsList();
    assertThat(guesses)
        .hasSize(ROWS * 3 / 4)
        .allSatisfy(
            row ->
                assertThat(row.getDouble(1))
                    .isBetween(row.getDouble(0) - 60, row.getDouble(0) + 60));
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      Path run = runs.findFirst().orElseThrow();
      assertThat(Files.readString(run.resolve("plan.yaml"))).contains("holdOut: last");
    }
    model.write().save(folder + "/regression");
    assertThat(
            LockstepRegressionModel.load(folder + "/regression")
                .transform(prices)
                .where("not held")
                .select("price", "guess")
                .collectAsList())
        .isEqualTo(guesses);
  }

  @Test
  void whatMustBeMendedIsSaid() {
    Dataset<Row> halves = assembled(points).withColumn("label", functions.expr("id % 2 / 2D"));
    assertThatThrownBy(() -> classifier().fit(halves))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label '0.5' is not among the classes 0, 1");
    assertThatThrownBy(() -> classifier().setIdCol("label").fit(assembled(points)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("comes twice");
    assertThatThrownBy(
            () -> classifier().setOptimizer("sgd: {momentum: 0.9}").fit(assembled(points)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("learningRate: the optimizer");
    assertThatThrownBy(() -> classifier().setLayers("dense: {unit: 3}").fit(assembled(points)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("did you mean units?");
  }
}
