package io.lockstep.cli;

import io.lockstep.app.Evaluation;
import io.lockstep.app.Hadoop;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin private ModelOption model;

  @Option(
      names = "--data",
      paramLabel = "SOURCE",
      description =
          "The examples: a source as data.test has it, the name of an embedded set, or the path of"
              + " a CSV file like the one of training. Default: data.test of the run's plan.")
  private String data;

  @Option(
      names = "--bad-records",
      paramLabel = "fail|skip",
      description =
          "What becomes of texts and rows that cannot be used, such as empty ones: an error with"
              + " file and line, or they are left out and counted. Default: data.badRecords of the"
              + " run's plan, or fail.")
  private String badRecords;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Also measures top-K accuracy. Default: evaluation.topK of the run's plan.")
  private Integer topK;

  @Option(
      names = "--threshold",
      paramLabel = "P",
      description =
          "Of two classes: above which probability of the second an example is taken for it."
              + " Default: the model's, which is 0.5 if its plan says nothing else.")
  private Double threshold;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes all figures to this file; '-' prints them instead of the table.")
  private String json;

  @Mixin private MasterOption master;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Optional<OutputFile> file =
        Optional.ofNullable(json)
            .filter(it -> !it.equals("-"))
            .map(it -> OutputFile.of("--json", it, Hadoop.settings()));
    Evaluation evaluation = Evaluation.of(model.path());
    if (data != null) {
      evaluation.data(data);
    }
    if (badRecords != null) {
      evaluation.badRecords(BadRecordsOption.of(badRecords));
    }
    if (topK != null) {
      evaluation.topK(topK);
    }
    if (threshold != null) {
      evaluation.threshold(threshold);
    }
    master.given().ifPresent(evaluation::master);
    print(evaluation.run(), file);
    return Main.DONE;
  }

  private void print(EvaluationResult result, Optional<OutputFile> file) {
    PrintWriter out = spec.commandLine().getOut();
    String figures = result.toJson().toPrettyString();
    if ("-".equals(json)) {
      out.println(figures);
      out.flush();
      return;
    }
    out.print(ResultTable.render(result, Terminal.detect()));
    if (file.isPresent()) {
      file.get().write(figures + "\n");
      out.println("written to " + json);
    }
    out.flush();
  }
}
