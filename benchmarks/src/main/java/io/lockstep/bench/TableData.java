package io.lockstep.bench;

import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The tables that are learnt, as files, and how each contender is told of them. */
enum TableData {
  /** Words, gaps and numbers; two classes. */
  ADULT("accuracy") {
    private static final List<Integer> WORDS = List.of(1, 3, 5, 6, 7, 8, 9, 13);

    @Override
    Split files(Path data, Path folder) {
      return new Split(data.resolve("adult-train.csv"), data.resolve("adult-test.csv"));
    }

    @Override
    PlanBuilder plan(Split files) {
      String source =
          "csv: {path: '%s', header: false, delimiter: ', ', label: '14', missing: '?', aliases:"
              + " {'<=50K.': '<=50K', '>50K.': '>50K'}}";
      return PlanBuilder.named("adult")
          .train(source.formatted(files.train()))
          .test(source.formatted(files.test()))
          .set("data.normalize", "standardize")
          .set(
              "data.columns",
              "[{category: ['1', '3', '5', '6', '7', '8', '9', '13'], missing: category, minCount:"
                  + " 10}, {number: ['2', '10', '11'], log: true}]")
          .layers("dense: {units: 32, activation: relu}", "dropout: 0.2", "dense: 2")
          .set("model.task", "classification")
          .optimizer("adam: {learningRate: 0.002}")
          .replicas(2)
          .batch(64)
          .localSteps(10)
          .epochs(8);
    }

    @Override
    Dataset<Row> read(SparkSession session, Path file) {
      Dataset<Row> rows =
          session
              .read()
              .option("inferSchema", true)
              .option("ignoreLeadingWhiteSpace", true)
              .option("ignoreTrailingWhiteSpace", true)
              .csv(file.toString());
      return rows.withColumn("_c14", functions.regexp_replace(rows.col("_c14"), "\\.$", ""));
    }

    @Override
    List<String> words() {
      return WORDS.stream().map(it -> "_c" + it).toList();
    }

    @Override
    List<String> numbers() {
      return IntStream.range(0, 14)
          .filter(it -> !WORDS.contains(it))
          .mapToObj(it -> "_c" + it)
          .toList();
    }

    @Override
    String label() {
      return "_c14";
    }
  },
  /** Numbers between blanks; one to be predicted. Every fifth row is held out. */
  HOUSING("rmse") {
    @Override
    Split files(Path data, Path folder) throws IOException {
      List<String> train = new ArrayList<>();
      List<String> test = new ArrayList<>();
      for (String line : Files.readAllLines(data.resolve("housing.data"))) {
        ((train.size() + test.size()) % 5 == 4 ? test : train).add(line);
      }
      return new Split(
          Files.write(folder.resolve("housing-train.data"), train),
          Files.write(folder.resolve("housing-test.data"), test));
    }

    @Override
    PlanBuilder plan(Split files) {
      String source = "csv: {path: '%s', header: false, delimiter: blanks, targets: ['13']}";
      return PlanBuilder.named("housing")
          .train(source.formatted(files.train()))
          .test(source.formatted(files.test()))
          .set("data.normalize", "standardize")
          .set("data.standardizeTargets", "true")
          .layers(
              "dense: {units: 64, activation: relu}",
              "dense: {units: 32, activation: relu}",
              "dense: 1")
          .set("model.task", "regression")
          .optimizer("adam: {learningRate: 0.005}")
          .replicas(2)
          .batch(8)
          .localSteps(26)
          .epochs(20);
    }

    @Override
    Dataset<Row> read(SparkSession session, Path file) {
      Dataset<Row> lines = session.read().text(file.toString());
      var values = functions.split(functions.trim(lines.col("value")), "\\s+");
      var columns =
          IntStream.range(0, 14)
              .mapToObj(it -> values.getItem(it).cast("double").as("_c" + it))
              .toArray(org.apache.spark.sql.Column[]::new);
      return lines.select(columns);
    }

    @Override
    List<String> words() {
      return List.of();
    }

    @Override
    List<String> numbers() {
      return IntStream.range(0, 13).mapToObj(it -> "_c" + it).toList();
    }

    @Override
    String label() {
      return "_c13";
    }
  };

  /** What a trained model is measured by. */
  final String metric;

  TableData(String metric) {
    this.metric = metric;
  }

  /** What is trained, and what it is measured on. */
  record Split(Path train, Path test) {}

  abstract Split files(Path data, Path folder) throws IOException;

  abstract PlanBuilder plan(Split files);

  abstract Dataset<Row> read(SparkSession session, Path file);

  /** Columns of words. */
  abstract List<String> words();

  /** Columns of numbers. */
  abstract List<String> numbers();

  /** The column to be predicted. */
  abstract String label();

  /** Whether it is a class. */
  boolean classes() {
    return this == ADULT;
  }

  /** Reads, trains and measures with Lockstep; the figure. */
  double lockstep(SparkSession session, Split files, Path run) throws IOException {
    TrainedModel model =
        Training.of(plan(files).directory(run.toString()).build()).spark(session).overwrite().run();
    return model.test().orElseThrow().metric(metric);
  }
}
