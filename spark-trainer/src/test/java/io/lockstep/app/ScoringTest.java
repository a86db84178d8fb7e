package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import example.TwoOutputs;
import io.lockstep.data.InputException;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Values;
import io.lockstep.data.source.BadRecords;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelFile;
import io.lockstep.model.Replica;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.spark.SparkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores are what a plain loop over the same model gives, bit for bit, and stand by their rows. */
class ScoringTest {
  private static final int BATCH = 16;

  @TempDir private static Path folder;
  private static JavaSparkContext spark;
  private static SparkSession session;
  private static String corners;

  private static int outputs;

  @BeforeAll
  static void open() throws IOException {
    spark = new JavaSparkContext(SparkSettings.local("local[2]", "scoring"));
    session = SparkSession.builder().getOrCreate();
    csv("train.csv", 90, 1);
    csv("new.csv", 61, 2);
    corners =
        train(
            "corners",
            PlanBuilder.named("corners")
                .train(
                    "csv: {path: %s/train.csv, label: corner, features: [x, y]}".formatted(folder))
                .set("data.normalize", "standardize")
                .layers("dense: {units: 6, activation: tanh}", "dense: 3")
                .set("model.task", "classification"));
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  private static String train(String name, PlanBuilder plan) throws IOException {
    String directory = folder.resolve(name).toString();
    Training.of(
            plan.optimizer("adam: {learningRate: 0.05}")
                .replicas(2)
                .batch(8)
                .epochs(3)
                .set("evaluation.batch", Integer.toString(BATCH))
                .set("run.engine", "inProcess")
                .directory(directory)
                .build())
        .run();
    return directory;
  }

  /** Points near three corners; the nearest gives the class. */
  private static void csv(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    var text = new StringBuilder("id,x,corner,y\n");
    for (int row = 0; row < rows; row++) {
      int corner = random.nextInt(3);
      double x = (corner == 1 ? 10 : 0) + 2 * random.nextGaussian();
      double y = (corner == 2 ? 200 : 100) + 20 * random.nextGaussian();
      text.append(
          String.format(Locale.ROOT, "\"p, %d\",%f,%s,%f%n", row, x, "abc".charAt(corner), y));
    }
    Files.writeString(folder.resolve(name), text);
  }

  private Scoring scoring(String model, String data) {
    return Scoring.of(model).data(data).spark(session);
  }

  private static String output() {
    return folder.resolve("out" + outputs++).toString();
  }

  private static String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static List<Row> rows(Dataset<Row> data) {
    return data.collectAsList();
  }

  private List<Row> csv(Scores scores) {
    return rows(session.read().option("header", true).option("escape", "\"").csv(scores.output()));
  }

  /** What a plain loop over the model puts out for rows of raw features, minibatch by minibatch. */
  private static float[][] plainLoop(String model, double[][] raw) throws IOException {
    ModelFile file = ModelFile.read(model + "/model.zip", Kernels.AUTO, new Configuration());
    float[][] all = new float[raw.length][];
    int width = raw[0].length;
    try (Replica network = file.networks().create()) {
      network.load(file.state());
      for (int from = 0; from < raw.length; from += BATCH) {
        int to = Math.min(raw.length, from + BATCH);
        float[] batch = new float[(to - from) * width];
        for (int i = from; i < to; i++) {
          file.card()
              .normalizer()
              .apply(new Values.Doubles(raw[i]), 0, batch, (i - from) * width, width);
        }
        Field field = Field.of("features", ElementType.FLOAT32, width);
        float[] out =
            network.output(
                new Minibatch(
                    to - from,
                    List.of(new Tensor(field, new int[] {to - from, width}, batch, null, null)),
                    List.of(),
                    null));
        int classes = out.length / (to - from);
        for (int i = from; i < to; i++) {
          all[i] = Arrays.copyOfRange(out, (i - from) * classes, (i - from + 1) * classes);
        }
      }
    }
    return all;
  }

  private static double[][] features(String name) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve(name))) {
      return lines
          .skip(1)
          .map(line -> line.split(",", -1))
          .map(cells -> new double[] {Double.parseDouble(cells[2]), Double.parseDouble(cells[4])})
          .toArray(double[][]::new);
    }
  }

  @Test
  void classesAreThoseOfAPlainLoopBitForBit() throws IOException {
    Scores scores =
        scoring(corners, folder + "/new.csv").probabilities().topK(2).raw().write(output());

    List<Row> rows = csv(scores);
    float[][] expected = plainLoop(corners, features("new.csv"));
    assertThat(scores.rows()).isEqualTo(61);
    assertThat(rows).hasSize(61);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      float[] out = expected[i];
      int best = out[0] >= out[1] && out[0] >= out[2] ? 0 : out[1] >= out[2] ? 1 : 2;
      assertThat(row.<String>getAs("id")).isEqualTo("p, " + i);
      assertThat(row.<String>getAs("prediction")).isEqualTo("" + "abc".charAt(best));
      assertThat(row.<String>getAs("top1")).isEqualTo(row.<String>getAs("prediction"));
      assertThat(number(row, "probability")).isEqualTo(out[best]);
      float[] sorted = out.clone();
      Arrays.sort(sorted);
      assertThat(number(row, "top2_probability")).isEqualTo(sorted[1]);
      for (int k = 0; k < 3; k++) {
        assertThat(number(row, "probability_" + "abc".charAt(k))).isEqualTo(out[k]);
      }
      assertThat(row.<String>getAs("raw"))
          .isEqualTo("[%s,%s,%s]".formatted(out[0], out[1], out[2]));
      int label = row.<String>getAs("corner").charAt(0) - 'a';
      assertThat(Double.parseDouble(row.getAs("loss")))
          .isEqualTo(-Math.log(out[label]), within(1e-5));
    }
  }

  private static float number(Row row, String column) {
    return Float.parseFloat(row.getAs(column));
  }

  @Test
  void labelsMayBeMissing() throws IOException {
    String all = Files.readString(folder.resolve("new.csv"));
    String without = all.replaceAll("(?m)^(id|\"[^\"]*\"),([^,]*),[^,]*,", "$1,$2,");
    assertThat(without).startsWith("id,x,y\n");
    Scores with = scoring(corners, folder + "/new.csv").keep("id").write(output());

    Scores scores = scoring(corners, file("unlabelled.csv", without)).keep("id").write(output());
    Scores unseen =
        scoring(corners, folder + "/new.csv").keep("id").withoutLabels().write(output());

    assertThat(scores.labelled()).isFalse();
    assertThat(scores.columns()).containsExactly("id", "prediction", "probability");
    assertThat(rows(session.read().option("header", true).csv(with.output()).drop("loss")))
        .isEqualTo(csv(scores))
        .isEqualTo(csv(unseen));
  }

  @Test
  void anyFormatHoldsTheSame() throws IOException {
    Scores csv = scoring(corners, folder + "/new.csv").keep("id").raw().write(output());
    Scores parquet =
        scoring(corners, folder + "/new.csv")
            .keep("id")
            .raw()
            .format(ScoreFormat.PARQUET)
            .write(output());
    Scores json =
        scoring(corners, folder + "/new.csv")
            .keep("id")
            .raw()
            .format(ScoreFormat.JSON)
            .write(output());

    String columns =
        "id STRING, prediction STRING, probability FLOAT, raw ARRAY<FLOAT>, loss DOUBLE";
    List<Row> typed = rows(session.read().schema(columns).parquet(parquet.output()));
    assertThat(rows(session.read().schema(columns).json(json.output()))).isEqualTo(typed);
    List<Row> flat = csv(csv);
    for (int i = 0; i < flat.size(); i++) {
      Row row = typed.get(i);
      assertThat(flat.get(i).<String>getAs("id")).isEqualTo(row.<String>getAs("id"));
      assertThat(number(flat.get(i), "probability")).isEqualTo(row.<Float>getAs("probability"));
      assertThat(Double.parseDouble(flat.get(i).getAs("loss")))
          .isEqualTo(row.<Double>getAs("loss"));
      assertThat(flat.get(i).<String>getAs("raw"))
          .isEqualTo(row.getList(row.fieldIndex("raw")).toString().replace(" ", ""));
    }
  }

  @Test
  void aBadRecordIsAnErrorWithFileAndLineAndLeavesNothing() throws IOException {
    String bad =
        Files.readString(folder.resolve("new.csv")).replaceFirst("(\"p, 40\",)[^,]*", "$1far");
    String data = file("bad.csv", bad);
    String output = output();

    assertThatThrownBy(() -> scoring(corners, data).write(output))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.csv line 42: column 'x': 'far' is not a number");
    assertThat(Path.of(output)).doesNotExist();
  }

  @Test
  void badRecordsAreSetAsideAndCounted() throws IOException {
    String bad =
        Files.readString(folder.resolve("new.csv"))
            .replaceFirst("(\"p, 7\",)[^,]*", "$1far")
            .replaceFirst("(\"p, 40\",[^,]*,)[^,]*", "$1nowhere")
            .replaceFirst("\"p, 50\",", "");
    String data = file("bad3.csv", bad);
    String aside = output();

    Scores scores = scoring(corners, data).keep("id").badRecordsTo(aside).write(output());
    Scores clean = scoring(corners, folder + "/new.csv").keep("id").write(output());

    assertThat(scores.records()).isEqualTo(61);
    assertThat(scores.rows()).isEqualTo(58);
    assertThat(scores.skipped().total()).isEqualTo(3);
    assertThat(scores.setAside()).contains(aside);
    List<Row> left = rows(session.read().option("header", true).option("escape", "\"").csv(aside));
    assertThat(left).extracting(it -> it.<String>getAs("line")).containsExactly("9", "42", "52");
    assertThat(left)
        .extracting(it -> it.<String>getAs("kind"))
        .containsExactly("noNumber", "unknownClass", "columns");
    assertThat(left).allMatch(it -> it.<String>getAs("file").endsWith("bad3.csv"));
    assertThat(left.get(0).<String>getAs("record")).startsWith("\"p, 7\",far,");
    assertThat(csv(clean).stream().map(it -> it.<String>getAs("id")))
        .containsAll(csv(scores).stream().map(it -> it.<String>getAs("id")).toList());
    assertThat(scoring(corners, data).badRecords(BadRecords.SKIP).write(output()).rows())
        .isEqualTo(58);
  }

  @Test
  void whatIsThereIsNotReplacedUnlessSaid() throws IOException {
    String output = output();
    scoring(corners, folder + "/new.csv").write(output);

    assertThatThrownBy(() -> scoring(corners, folder + "/new.csv").write(output))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is there already");
    assertThat(scoring(corners, folder + "/train.csv").overwrite().write(output).rows())
        .isEqualTo(90);
    assertThatThrownBy(() -> scoring(corners, folder + "/new.csv").overwrite().write("" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds other files");
    assertThat(folder.resolve("new.csv")).exists();
  }

  @Test
  void columnsThatBothHaveMustBeChosen() throws IOException {
    String text = Files.readString(folder.resolve("new.csv")).replaceFirst("id,", "Prediction,");
    String data = file("again.csv", text);

    assertThatThrownBy(() -> scoring(corners, data).write(output()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--keep");
    assertThat(scoring(corners, data).keep().write(output()).columns())
        .containsExactly("prediction", "probability", "loss");
  }

  @Test
  void numbersAreInTheUnitsOfTheData() throws IOException {
    var text = new StringBuilder("name,a,price,b\n");
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      text.append(
          String.format(Locale.ROOT, "n%d,%f,%f,%f%n", i, a, 20_000 + 9_000 * a - 4_000 * b, b));
    }
    String data = file("prices.csv", text.toString());
    String model =
        train(
            "prices",
            PlanBuilder.named("prices")
                .train("csv: {path: %s, targets: [price], features: [a, b]}".formatted(data))
                .set("data.standardizeTargets", "true")
                .layers("dense: {units: 4, activation: tanh}", "dense: 1")
                .loss("mse"));

    Scores scores = scoring(model, data).write(output());

    EvaluationResult figures = Evaluation.of(model).data(data).spark(session).run();
    double squares = 0;
    double losses = 0;
    for (Row row : csv(scores)) {
      double error = number(row, "prediction") - number(row, "price");
      squares += error * error;
      losses += Double.parseDouble(row.getAs("loss"));
    }
    assertThat(squares / 120).isEqualTo(figures.metric("mse"), within(1e-3 * squares / 120));
    assertThat(losses / 120).isEqualTo(figures.metric("loss"), within(1e-5));
  }

  @Test
  void imagesHaveTheirNumbers() throws IOException {
    String model =
        train(
            "digits",
            PlanBuilder.named("digits")
                .train("embedded: {name: mnist-10k, part: test}")
                .set("data.normalize", "scale")
                .layers("dense: {units: 8, activation: relu}", "dense: 10")
                .set("model.task", "classification"));

    Scores scores = scoring(model, "mnist-10k").format(ScoreFormat.PARQUET).write(output());

    List<Row> rows =
        rows(session.read().schema("example BIGINT, loss DOUBLE").parquet(scores.output()));
    EvaluationResult figures = Evaluation.of(model).data("mnist-10k").spark(session).run();
    assertThat(rows).hasSize(2000);
    assertThat(rows.get(1999).<Long>getAs("example")).isEqualTo(1999);
    assertThat(rows.stream().mapToDouble(it -> it.<Double>getAs("loss")).average().orElseThrow())
        .isEqualTo(figures.metric("loss"), within(1e-5));
  }

  @Test
  void textsOfATableAndOfLines() throws IOException {
    var text = new StringBuilder("id,words,mood\n");
    Random random = new Random(5);
    String[] words = {"good", "fine", "nice", "bad", "poor", "sad"};
    for (int i = 0; i < 80; i++) {
      int mood = random.nextInt(2);
      String say = "";
      for (int k = 0; k <= random.nextInt(4); k++) {
        say += (k == 0 ? "" : " ") + words[3 * mood + random.nextInt(3)];
      }
      text.append("%d,\"%s\",%s%n".formatted(i, say, mood == 0 ? "up" : "down"));
    }
    String data = file("moods.csv", text.toString());
    String model =
        train(
            "moods",
            PlanBuilder.named("moods")
                .train("textCsv: {path: %s, text: words, label: mood}".formatted(data))
                .layers("embedding: 4", "lstm: 4", "dense: {units: 2, activation: softmax}")
                .set("model.task", "classification"));

    Scores scores = scoring(model, data).write(output());

    EvaluationResult figures = Evaluation.of(model).data(data).spark(session).run();
    List<Row> rows = csv(scores);
    long right =
        rows.stream()
            .filter(it -> it.<String>getAs("prediction").equals(it.<String>getAs("mood")))
            .count();
    assertThat(right / 80.0).isEqualTo(figures.metric("accuracy"));
    assertThat(
            rows.stream()
                .mapToDouble(it -> Double.parseDouble(it.getAs("loss")))
                .average()
                .orElseThrow())
        .isEqualTo(figures.metric("loss"), within(1e-5));

    // Lines of texts that nobody has labelled, in a file of any name.
    String lines =
        file(
            "lines.txt",
            String.join("\n", rows.stream().map(it -> it.<String>getAs("words")).toList()));
    List<Row> unlabelled =
        csv(scoring(model, "{textLines: {path: %s}}".formatted(lines)).write(output()));
    assertThat(unlabelled.get(0).schema().fieldNames())
        .containsExactly(
            "file", "text", "prediction", "probability", "probability_down", "probability_up");
    assertThat(unlabelled)
        .extracting(it -> it.<String>getAs("probability"))
        .isEqualTo(rows.stream().map(it -> it.<String>getAs("probability")).toList());
  }

  @Test
  void sequencesWithAPredictionForEachStep() throws IOException {
    var text = new StringBuilder("walk,t,v,up\n");
    Random random = new Random(9);
    for (int sequence = 0; sequence < 30; sequence++) {
      double last = 0;
      for (int step = 0; step < 2 + sequence % 5; step++) {
        double value = random.nextGaussian();
        text.append(
            String.format(
                Locale.ROOT, "w%d,%d,%f,%s%n", sequence, step, value, value > last ? "yes" : "no"));
        last = value;
      }
    }
    String data = file("walks.csv", text.toString());
    String model =
        train(
            "walks",
            PlanBuilder.named("walks")
                .train(
                    "sequences: {path: %s, sequence: walk, time: t, label: up, per: step}"
                        .formatted(data))
                .layers(
                    "lstm: {units: 4, returnSequences: true}",
                    "dense: {units: 2, activation: softmax}")
                .set("model.task", "sequenceLabelling"));

    Scores scores = scoring(model, data).format(ScoreFormat.PARQUET).write(output());

    EvaluationResult figures = Evaluation.of(model).data(data).spark(session).run();
    String columns = "walk STRING, prediction ARRAY<STRING>, probability ARRAY<FLOAT>, loss DOUBLE";
    List<Row> rows = rows(session.read().schema(columns).parquet(scores.output()));
    assertThat(rows).hasSize(30);
    assertThat(rows.get(3).<String>getAs("walk")).isEqualTo("w3");
    assertThat(rows.get(3).getList(rows.get(3).fieldIndex("prediction"))).hasSize(5);
    assertThat(rows.stream().mapToDouble(it -> it.<Double>getAs("loss")).average().orElseThrow())
        .isEqualTo(figures.metric("loss"), within(1e-5));

    String unlabelled = file("later.csv", text.toString().replaceAll("(?m),[^,]*$", ""));
    Scores later = scoring(model, unlabelled).write(output());
    assertThat(later.columns())
        .containsExactly("walk", "prediction", "probability", "probability_no", "probability_yes");
    String flat = csv(later).get(3).getAs("probability");
    List<Float> typed = rows.get(3).getList(rows.get(3).fieldIndex("probability"));
    assertThat(flat).isEqualTo(typed.toString().replace(" ", ""));
  }

  @Test
  void aGraphHasColumnsOfEachOutput() throws IOException {
    Path json = Files.writeString(folder.resolve("graph.json"), TwoOutputs.json());
    String table =
        """
        csv:
          path: ../conf/data/breast-cancer-%s.csv
          inputs:
            surface: [texture, smoothness, compactness, symmetry, fractal dimension]
            outline: [perimeter, concavity, concave points]
          outputs:
            size: {targets: [area]}
            malignant: {label: malignant, classes: [0, 1]}
        """;
    String model = folder.resolve("graph").toString();
    Training.of(
            PlanBuilder.named("several")
                .train(table.formatted("train"))
                .normalize(Normalization.STANDARDIZE)
                .set("data.standardizeTargets", true)
                .set("model", "{dl4j: '%s'}".formatted(json))
                .batch(32)
                .epochs(2)
                .set("run.engine", "inProcess")
                .directory(model)
                .build())
        .run();
    String data = "../conf/data/breast-cancer-test.csv";

    Scores scores = scoring(model, data).keep("area", "malignant").write(output());

    assertThat(scores.columns())
        .containsExactly(
            "area",
            "malignant",
            "size_prediction",
            "malignant_prediction",
            "malignant_probability",
            "malignant_probability_0",
            "malignant_probability_1",
            "size_loss",
            "malignant_loss",
            "loss");
    EvaluationResult figures = Evaluation.of(model).data(data).spark(session).run();
    List<Row> rows = csv(scores);
    double squares = 0;
    double losses = 0;
    int right = 0;
    for (Row row : rows) {
      double error = number(row, "size_prediction") - number(row, "area");
      squares += error * error / rows.size();
      losses += Double.parseDouble(row.getAs("loss")) / rows.size();
      right += row.getAs("malignant_prediction").equals(row.getAs("malignant")) ? 1 : 0;
    }
    assertThat(Math.sqrt(squares)).isEqualTo(figures.metric("size.rmse"), within(0.01));
    assertThat(right / (double) rows.size()).isEqualTo(figures.metric("malignant.accuracy"));
    assertThat(losses).isEqualTo(figures.metric("loss"), within(1e-5));

    String inputs =
        Files.readString(Path.of(data)).replaceAll("(?m),[^,\n]*$", ""); // without the last column
    Scores unlabelled = scoring(model, file("inputs.csv", inputs)).keep().write(output());
    assertThat(unlabelled.columns()).hasSize(5).doesNotContain("loss");
    assertThat(csv(unlabelled))
        .extracting(it -> it.<String>getAs("size_prediction"))
        .isEqualTo(rows.stream().map(it -> it.<String>getAs("size_prediction")).toList());
  }

  @Test
  void aDataSetOfSparkKeepsItsTypes() throws IOException {
    Dataset<Row> frame =
        session
            .read()
            .option("header", true)
            .schema("id STRING, x DOUBLE, corner STRING, y DOUBLE")
            .csv(folder + "/new.csv")
            .selectExpr("y", "id", "named_struct('x', x) AS nested", "x", "corner");
    Scores scores = scoring(corners, folder + "/new.csv").keep("id").write(output());

    Dataset<Row> rows = Scoring.of(corners).data(frame).rows();
    Scores written = Scoring.of(corners).data(frame).keep("id").write(output());

    assertThat(rows.schema().simpleString())
        .isEqualTo(
            "struct<y:double,id:string,nested:struct<x:double>,x:double,corner:string,"
                + "prediction:string,probability:float,loss:double>");
    assertThat(csv(written)).isEqualTo(csv(scores));
    assertThat(rows(rows.selectExpr("id", "CAST(probability AS STRING)")))
        .isEqualTo(
            rows(
                session
                    .read()
                    .option("header", true)
                    .csv(scores.output())
                    .select("id", "probability")));
    Dataset<Row> unlabelled = frame.drop("corner");
    assertThat(rows(Scoring.of(corners).data(unlabelled).rows().select("prediction")))
        .isEqualTo(rows(rows.select("prediction")));
    Dataset<Row> holes = frame.selectExpr("IF(id = 'p, 5', NULL, x) AS x", "y");
    assertThatThrownBy(() -> Scoring.of(corners).data(holes).rows())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column 'x': null, where a number must be");
  }

  @Test
  void aModelOfSeriesOrOfTextNamesTheCommandForIt() throws IOException {
    assertThatThrownBy(
            () ->
                scoring(corners, "{series: {path: x.csv, targets: [y], window: 3}}")
                    .write(output()))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> scoring(corners, folder + "/new.csv").topK(4).write(output()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "the 4 most probable classes are wanted, but the model has 3 classes");
  }
}
