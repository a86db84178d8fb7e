package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.source.Example;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceReading;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.RunEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets of Spark, given in code, against the CSV files with the same rows. */
class ExamplesTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("x", DataTypes.DoubleType)
          .add("importance", DataTypes.IntegerType)
          .add("y", DataTypes.DoubleType)
          .add("side", DataTypes.StringType);

  private static SparkSession session;
  private static JavaSparkContext spark;

  @TempDir private Path folder;

  private final List<Row> rows = new ArrayList<>();

  @BeforeAll
  static void openSpark() {
    session =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  @AfterAll
  static void closeSpark() {
    session.stop();
  }

  @BeforeEach
  void writeTable() throws IOException {
    Random random = new Random(4);
    var text = new StringBuilder("x,importance,y,side\n");
    for (int i = 0; i < 120; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      String side = x > y ? "right" : "left";
      rows.add(RowFactory.create(x, i % 3, y, side));
      text.append("%s,%d,%s,%s%n".formatted(x, i % 3, y, side));
    }
    Files.writeString(folder.resolve("rows.csv"), text);
  }

  private Dataset<Row> frame(List<Row> of) {
    return session.createDataFrame(spark.parallelize(of, 3), COLUMNS);
  }

  private CsvSource file() {
    return new CsvSource(folder + "/rows.csv", options());
  }

  private static CsvOptions options() {
    return CsvOptions.classes("side")
        .withFeatures("x", "y")
        .withWeight(new CsvOptions.Weight("importance", false));
  }

  private PlanBuilder plan() {
    return PlanBuilder.named("sides")
        .train("given")
        .validation(0.2)
        .normalize(Normalization.STANDARDIZE)
        .layers("dense: {units: 2, activation: softmax}")
        .loss("categoricalCrossentropy")
        .optimizer("adam: {learningRate: 0.1}")
        .replicas(3)
        .batch(8)
        .localSteps(2)
        .epochs(2);
  }

  private TrainedModel trained(String name, ExampleSource examples) throws IOException {
    return Training.of(plan().build())
        .train(examples)
        .test(examples)
        .spark(spark)
        .directory(folder.resolve(name).toString())
        .run();
  }

  private static float[] weights(TrainedModel model) throws IOException {
    return ModelFile.read(model.file().orElseThrow(), Kernels.AUTO, new Configuration())
        .state()
        .parameters();
  }

  @Test
  void aDataSetTrainsAsTheFileWithTheSameRows() throws IOException {
    TrainedModel ofFile = trained("file", file());
    TrainedModel ofFrame =
        trained(
            "frame",
            Examples.of(frame(rows)).label("side").features("x", "y").weight("importance"));

    assertThat(weights(ofFrame)).isEqualTo(weights(ofFile));
    assertThat(ofFrame.test().orElseThrow().toJson())
        .isEqualTo(ofFile.test().orElseThrow().toJson());
    assertThat(ofFrame.test().orElseThrow().metric("accuracy")).isGreaterThan(0.9);
  }

  @Test
  void examplesAndArraysTrainAsColumnsDo() throws IOException {
    JavaRDD<Example> examples =
        spark
            .parallelize(rows, 4)
            .map(
                row ->
                    Example.of(new double[] {row.getDouble(0), row.getDouble(2)}, row.getString(3))
                        .weighing(row.getInt(1)));
    StructType arrays =
        new StructType()
            .add("point", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("importance", DataTypes.IntegerType)
            .add("side", DataTypes.StringType);
    Dataset<Row> points =
        session.createDataFrame(
            rows.stream()
                .map(
                    row ->
                        RowFactory.create(
                            Arrays.asList(row.getDouble(0), row.getDouble(2)),
                            row.getInt(1),
                            row.getString(3)))
                .toList(),
            arrays);

    float[] expected = weights(trained("file", file()));

    assertThat(weights(trained("examples", Examples.of(examples).weight("weight"))))
        .isEqualTo(expected);
    assertThat(weights(trained("arrays", Examples.of(points).label("side").weight("importance"))))
        .isEqualTo(expected);
  }

  @Test
  void numbersAreTargetsAndWholeNumbersClasses() throws IOException {
    Dataset<Row> frame = frame(rows);
    assertThat(
            SourceReading.settle(
                    Examples.of(frame).targets("x", "y").features("importance"),
                    new Configuration())
                .labels()
                .names())
        .containsExactly("x", "y");
    assertThat(
            SourceReading.settle(
                    Examples.of(frame).label("importance").features("y"), new Configuration())
                .labels()
                .names())
        .containsExactly("0", "1", "2");
    JavaRDD<Example> examples =
        spark.parallelize(List.of(1, 2, 3)).map(i -> Example.of(new double[] {i}, i * 2, i * 3));
    assertThat(SourceReading.settle(Examples.of(examples), new Configuration()).labels().names())
        .containsExactly("targets[0]", "targets[1]");
  }

  @Test
  void aTestSetIsReadByTheNamesOfItsColumnsAndTheModelKnowsThem() throws IOException {
    var source = Examples.of(frame(rows)).label("side").features("x", "y");
    TrainedModel model = trained("frame", source);
    Dataset<Row> moved = frame(rows).select("side", "y", "importance", "x");

    assertThat(model.evaluate(Examples.of(moved).label("side")).metric("accuracy"))
        .isEqualTo(model.evaluate(source).metric("accuracy"));
    assertThat(model.evaluate(folder + "/rows.csv").metric("accuracy"))
        .isEqualTo(model.evaluate(source).metric("accuracy"));
  }

  @Test
  void aRunThatWasGivenExamplesIsResumedWithTheSame() throws IOException {
    var source = Examples.of(frame(rows)).label("side").features("x", "y").named("points");
    TrainedModel whole = trained("whole", source);
    String directory = folder.resolve("stopped").toString();
    int[] asked = {0};
    Training.of(plan().build())
        .train(source)
        .directory(directory)
        .stopWhen(() -> asked[0]++ == 3)
        .run();

    assertThatThrownBy(() -> Training.resume(directory).spark(spark).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.train: 'points' is given by a program");
    List<Row> others = new ArrayList<>(rows);
    others.set(7, RowFactory.create(7.0, 1, 3.0, "right"));
    assertThatThrownBy(
            () ->
                Training.resume(directory)
                    .train(Examples.of(frame(others)).label("side").features("x", "y"))
                    .run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.train: was content");
    TrainedModel resumed = Training.resume(directory).train(source).run();
    assertThat(resumed.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(weights(resumed)).isEqualTo(weights(whole));
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    List<Row> broken = new ArrayList<>(rows);
    broken.set(50, RowFactory.create(null, 1, 2.0, "left"));
    broken.set(51, RowFactory.create(1.0, 1, Double.NaN, "left"));
    broken.set(52, RowFactory.create(1.0, -1, 1.0, null));
    var source = Examples.of(frame(broken));

    assertThatThrownBy(
            () -> trained("broken", source.label("side").named("points").weight("importance")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.train: 4 columns hold what cannot be used")
        .hasMessageContaining("points partition 1 row 11: column 'x': null, where a number")
        .hasMessageContaining("row 12: column 'y': NaN, where a number")
        .hasMessageContaining("row 13: column 'side': null, where a class")
        .hasMessageContaining("row 13: column 'importance': -1.0 is not a weight");
    var whole = Examples.of(frame(rows));
    Stream.of(
            List.of(whole.label("kind"), "there is no column 'kind'. Columns are: x, importance"),
            List.of(whole.label("importance"), "column 'side': 'left' is not a number"),
            List.of(whole, "say first what is to be learnt"),
            List.of(whole.targets("x").features("x"), "both feature and label"))
        .forEach(
            each ->
                assertThatThrownBy(() -> trained("wrong", (ExampleSource) each.get(0)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining((String) each.get(1)));
    assertThat(folder.resolve("broken")).doesNotExist();
  }

  @Test
  void arraysOfDifferentLengthsAreNamed() {
    JavaRDD<Example> examples =
        spark.parallelize(
            List.of(Example.of(new double[] {1, 2}, "a"), Example.of(new double[] {1}, "b")), 1);
    assertThatThrownBy(() -> trained("ragged", Examples.of(examples)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "partition 0 row 2: column 'features': 1 values, where the first row has 2");
    JavaRDD<Example> none = spark.parallelize(List.of());
    assertThatThrownBy(() -> trained("none", Examples.of(none)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no examples");
  }
}
