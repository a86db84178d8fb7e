package io.lockstep.cli;

import io.lockstep.config.ComputePlan.Kernels;
import io.lockstep.config.Plan;
import io.lockstep.config.PlanFile;
import io.lockstep.config.PlanParser;
import io.lockstep.config.RunPlan.EngineKind;
import io.lockstep.config.SourceParser;
import io.lockstep.data.CsvSource;
import io.lockstep.data.EmbeddedSource;
import io.lockstep.data.ExampleSource;
import io.lockstep.data.InputException;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.model.ModelFile;
import io.lockstep.run.RunDirectory;
import io.lockstep.spark.Engines;
import io.lockstep.spark.SparkEvaluation;
import io.lockstep.train.ModelEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep evaluate}: how good a trained model is on examples. */
@Command(
    name = "evaluate",
    description = "Measures a trained model on examples, distributed on Spark.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  lockstep evaluate --model runs/mnist-lenet",
      "  lockstep evaluate --model runs/binary-mlp --data later.csv",
      "  lockstep evaluate --model model.zip --data '{idx: {images: i.gz, labels: l.gz}}'"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String DEFAULT_MASTER = "local[*]";

  /** A network read from a file computes with one native thread. */
  private static final int MODEL_FILE_THREADS = 1;

  private static final int DEFAULT_BATCH = 256;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A run directory, or the model.zip of one.")
  private String model;

  @Option(
      names = "--data",
      paramLabel = "SOURCE",
      description =
          "The examples: a source as data.test has it, the name of an embedded set, or the path of"
              + " a CSV file like the one of training. Default: data.test of the run's plan.")
  private String data;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Also measures top-K accuracy. Default: evaluation.topK of the run's plan.")
  private Integer topK;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes all figures to this file; '-' prints them instead of the table.")
  private String json;

  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description = "Spark's master, such as local[4]. Default: the run's plan, or local[*].")
  private String master;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = Engines.hadoop();
    Optional<Plan> plan = plan(hadoop);
    Kernels kernels = plan.map(it -> it.compute().kernels()).orElse(Kernels.AUTO);
    ModelFile file = ModelFile.read(file(hadoop), kernels, hadoop);
    var settings =
        new ModelEvaluation.Settings(
            topK != null ? topK : plan.map(it -> it.evaluation().topK()).orElse(1),
            plan.map(it -> it.evaluation().batch()).orElse(DEFAULT_BATCH));
    if (settings.topK() < 1) {
      throw new InputException("--top-k must be at least 1, not " + topK);
    }
    var evaluation = ModelEvaluation.of(file, source(plan), settings, hadoop);
    print(measure(evaluation, plan, hadoop).result(file.card().labels().names()), hadoop);
    return Main.DONE;
  }

  private String file(Configuration hadoop) throws IOException {
    Path path = new Path(model);
    boolean directory =
        path.getFileSystem(hadoop).exists(path)
            && path.getFileSystem(hadoop).getFileStatus(path).isDirectory();
    if (!directory) {
      return model;
    }
    RunDirectory run = RunDirectory.open(hadoop, model);
    if (!run.hasModel()) {
      throw new InputException(
          "%1$s has no model yet: finish the run with `lockstep train --resume %1$s`"
              .formatted(model));
    }
    return run.model().toString();
  }

  /** The plan beside the model, if there is one. */
  private Optional<Plan> plan(Configuration hadoop) throws IOException {
    Path path = new Path(model);
    var files = path.getFileSystem(hadoop);
    boolean directory = files.exists(path) && files.getFileStatus(path).isDirectory();
    Path folder = directory ? path : path.getParent();
    if (folder == null || !files.exists(new Path(folder, "plan.yaml"))) {
      return Optional.empty();
    }
    String file = new Path(folder, "plan.yaml").toString();
    return Optional.of(PlanParser.parse(PlanFile.text(file, hadoop), file, List.of()));
  }

  private ExampleSource source(Optional<Plan> plan) {
    if (data == null) {
      return plan.flatMap(it -> it.data().test())
          .orElseThrow(
              () ->
                  new InputException(
                      plan.isPresent()
                          ? "the plan of this model has no data.test: say with --data what to"
                              + " evaluate it on"
                          : "no plan lies beside this model: say with --data what to evaluate it"
                              + " on"));
    }
    if (EmbeddedSource.names().contains(data)) {
      return new EmbeddedSource(data, EmbeddedSource.Part.TEST);
    }
    if (data.strip().startsWith("{")) {
      return SourceParser.parse(data, "--data");
    }
    Optional<CsvSource> trained =
        plan.map(it -> it.data().test().orElse(it.data().train()))
            .filter(CsvSource.class::isInstance)
            .map(CsvSource.class::cast);
    return trained
        .map(csv -> new CsvSource(data, csv.options()))
        .orElseThrow(
            () ->
                new InputException(
                    """
                    --data %s is neither an embedded data set (%s) nor a CSV file for a model that \
                    was trained on CSV. Describe it as in a plan, such as \
                    --data '{idx: {images: PATH, labels: PATH}}'.\
                    """
                        .formatted(data, String.join(", ", EmbeddedSource.names()))));
  }

  private EvaluationAccumulator measure(
      ModelEvaluation evaluation, Optional<Plan> plan, Configuration hadoop) throws IOException {
    boolean inProcess =
        master == null && plan.filter(it -> it.run().engine() == EngineKind.IN_PROCESS).isPresent();
    if (inProcess) {
      return evaluation.run(hadoop);
    }
    String where =
        master != null ? master : plan.map(it -> it.run().master()).orElse(DEFAULT_MASTER);
    try (JavaSparkContext spark = Engines.context("evaluate", where, MODEL_FILE_THREADS)) {
      return SparkEvaluation.run(spark, evaluation);
    }
  }

  private void print(EvaluationResult result, Configuration hadoop) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String figures = result.toJson().toPrettyString();
    if ("-".equals(json)) {
      out.println(figures);
      out.flush();
      return;
    }
    out.print(ResultTable.render(result, Terminal.detect()));
    if (json != null) {
      Path path = new Path(json);
      try (var file = path.getFileSystem(hadoop).create(path, true)) {
        file.write((figures + "\n").getBytes(StandardCharsets.UTF_8));
      }
      out.println("written to " + json);
    }
    out.flush();
  }
}
