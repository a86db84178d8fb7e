package io.lockstep.ml;

import io.lockstep.app.Examples;
import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.data.InputException;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.plan.PlanFile;
import io.lockstep.spark.RddSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * A training by an estimator's params, the same that the command line does.
 *
 * @param estimator with the params
 * @param features column of vectors
 * @param label column of numbers
 * @param classes number of classes, of which the label is the number; empty if it is to be
 *     predicted
 */
record Fit(LockstepParams<?> estimator, String features, String label, Optional<Integer> classes) {
  private static final String DEFAULTS =
      """
      name: fit
      data: {train: given}
      model:
        layers: [{dense: {units: 64, activation: relu}}, dense]
        optimizer: {adam: {learningRate: 0.001}}
      training: {replicas: 1, batch: 32, localSteps: 10, epochs: 20}
      """;

  /** The model's file, once it is trained on the data. */
  byte[] run(Dataset<?> data) {
    Configuration hadoop = data.sparkSession().sparkContext().hadoopConfiguration();
    Path temporary = null;
    try {
      String folder = value(estimator.directory()).orElse("");
      if (folder.isEmpty()) {
        temporary = Files.createTempDirectory("lockstep-fit");
        folder = temporary.toUri().toString();
      }
      String directory =
          "%s/%s-%s"
              .formatted(
                  folder.replaceAll("/+$", ""), estimator.uid(), UUID.randomUUID().toString());
      TrainedModel model =
          Training.of(plan(data, hadoop).build())
              .train(source(data))
              .spark(data.sparkSession())
              .directory(directory)
              .run();
      return ModelBytes.read(model.file().orElseThrow(), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      delete(temporary);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + folder, e);
    }
  }

  private RddSource<Row> source(Dataset<?> data) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col(features).as("features"));
    columns.add(functions.col(label).as("label"));
    value(estimator.weightCol()).ifPresent(it -> columns.add(functions.col(it).as("weight")));
    value(estimator.idCol()).ifPresent(it -> columns.add(functions.col(it).as("id")));
    value(estimator.validationIndicatorCol())
        .ifPresent(it -> columns.add(functions.col(it).as("validation")));
    RddSource<Row> source =
        Examples.of(data.toDF().select(columns.toArray(Column[]::new))).named("the data");
    source = classes.isPresent() ? source.label("label") : source.targets("label");
    source = source.features("features");
    if (classes.isPresent()) {
      source =
          source.classes(
              Stream.iterate(0, it -> it + 1)
                  .limit(classes.get())
                  .map(String::valueOf)
                  .toArray(String[]::new));
    }
    if (isSet(estimator.weightCol())) {
      source = source.weight("weight");
    }
    if (isSet(estimator.idCol())) {
      source = source.id("id");
    }
    return isSet(estimator.validationIndicatorCol()) ? source.last("validation") : source;
  }

  private PlanBuilder plan(Dataset<?> data, Configuration hadoop) throws IOException {
    String said = value(estimator.plan()).orElse(DEFAULTS);
    boolean isPath = said.indexOf('\n') < 0 && said.indexOf(": ") < 0;
    PlanBuilder plan =
        PlanBuilder.of(isPath ? PlanFile.text(said, hadoop) : said)
            .set("data.train", "given")
            .set("name", estimator.uid());
    value(estimator.layers()).ifPresent(plan::layers);
    value(estimator.loss()).ifPresent(plan::loss);
    value(estimator.optimizer()).ifPresent(plan::optimizer);
    value(estimator.learningRate()).ifPresent(rate -> plan.optimizer(withRate((double) rate)));
    set(plan, "training.epochs", estimator.epochs());
    set(plan, "training.batch", estimator.batchSize());
    set(plan, "training.replicas", estimator.replicas());
    set(plan, "training.localSteps", estimator.localSteps());
    set(plan, "seed", estimator.seed());
    set(plan, "data.normalize", estimator.normalize());
    if (isSet(estimator.validationIndicatorCol())) {
      hold(plan, data);
    }
    return plan;
  }

  /** Holds out the rows that are marked, which come last. */
  private void hold(PlanBuilder plan, Dataset<?> data) {
    Column marked = functions.col(value(estimator.validationIndicatorCol()).orElseThrow());
    Row counts =
        data.toDF()
            .agg(
                functions.count(functions.lit(1)),
                functions.count(functions.when(marked.cast("boolean"), 1)))
            .head();
    plan.validation((double) counts.getLong(1) / Math.max(1, counts.getLong(0)))
        .set("data.holdOut", "last");
  }

  private String withRate(double rate) {
    String word = value(estimator.optimizer()).orElse(isSet(estimator.plan()) ? "" : "adam");
    if (word.isEmpty() || word.indexOf(':') >= 0) {
      throw new InputException(
          word.isEmpty()
              ? "learningRate: with a plan, set the optimizer too, such as adam"
              : "learningRate: the optimizer, %s, has its own; set one of them".formatted(word));
    }
    return "%s: {learningRate: %s}".formatted(word, rate);
  }

  private void set(PlanBuilder plan, String key, Param<?> param) {
    value(param).ifPresent(it -> plan.set(key, it));
  }

  private boolean isSet(Param<?> param) {
    return value(param).isPresent();
  }

  private <T> Optional<T> value(Param<T> param) {
    return estimator.isSet(param)
        ? Optional.of(estimator.getOrDefault(param)).filter(it -> !"".equals(it))
        : Optional.empty();
  }
}
