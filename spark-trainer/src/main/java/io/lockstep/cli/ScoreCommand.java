package io.lockstep.cli;

import io.lockstep.app.ScoreFormat;
import io.lockstep.app.Scores;
import io.lockstep.app.Scoring;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep score}: what a trained model says of examples. */
@Command(
    name = "score",
    description = "Scores examples with a trained model, distributed on Spark.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  lockstep score --model runs/churn --data customers.csv --output scores",
      "  lockstep score --model runs/churn --data hdfs:///new --output hdfs:///scores \\",
      "    --format parquet --keep id --bad-records hdfs:///bad",
      "  lockstep score --model runs/mnist-lenet --data mnist-10k --output digits --top-k 3"
    })
final class ScoreCommand implements Callable<Integer> {
  @Mixin private ModelOption model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "SOURCE",
      description =
          "The examples, with labels or without: the path of data that lies like that of training,"
              + " a source as data.test has it, or the name of an embedded set.")
  private String data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "PATH",
      description = "A folder for the scores; Spark fills it with files.")
  private String output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "CSV",
      description = "csv, parquet or json. Default: csv.")
  private ScoreFormat format;

  @Option(
      names = "--keep",
      paramLabel = "COLUMNS",
      split = ",",
      description =
          "Columns of the data that stand beside the scores, with commas between them, or none."
              + " Default: all.")
  private List<String> keep;

  @Option(
      names = "--probabilities",
      description = "Also the probability of each class; of two classes it is there anyway.")
  private boolean probabilities;

  @Option(names = "--top-k", paramLabel = "K", description = "Also the K most probable classes.")
  private Integer topK;

  @Option(names = "--raw", description = "Also the values as the network puts them out.")
  private boolean raw;

  @Option(
      names = "--no-labels",
      description = "Does not look at labels, even if they are there; so there is no loss.")
  private boolean noLabels;

  @Option(
      names = "--bad-records",
      paramLabel = "fail|skip|PATH",
      description =
          "What becomes of records that cannot be used: an error with file and line; they are left"
              + " out and counted; or they are set aside in this folder, with file, line and"
              + " reason. Default: data.badRecords of the run's plan, or fail.")
  private String badRecords;

  @Option(names = "--overwrite", description = "Replaces scores that lie at PATH already.")
  private boolean overwrite;

  @Mixin private MasterOption master;

  @Mixin private ProgressOption progressOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Scores scores;
    try (Progress progress = progressOption.on(Terminal.detect(), out)) {
      scores = scoring().listener(progress::loading).write(output);
    }
    lines(scores).forEach(out::println);
    out.flush();
    return Main.DONE;
  }

  private Scoring scoring() {
    Scoring scoring = Scoring.of(model.path()).data(data).format(format);
    if (keep != null) {
      scoring.keep(keep.equals(List.of("none")) ? new String[0] : keep.toArray(String[]::new));
    }
    if (probabilities) {
      scoring.probabilities();
    }
    if (topK != null) {
      scoring.topK(topK);
    }
    if (raw) {
      scoring.raw();
    }
    if (noLabels) {
      scoring.withoutLabels();
    }
    if (badRecords != null) {
      BadRecordsOption.find(badRecords)
          .ifPresentOrElse(scoring::badRecords, () -> scoring.badRecordsTo(badRecords));
    }
    if (overwrite) {
      scoring.overwrite();
    }
    master.given().ifPresent(scoring::master);
    return scoring;
  }

  private List<String> lines(Scores scores) {
    var lines = new ArrayList<String>();
    lines.add(
        String.format(
            Locale.ROOT,
            "scored %,d examples in %s (%,.0f examples/s)",
            scores.rows(),
            Pace.duration(scores.seconds()),
            scores.rows() / scores.seconds()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %,d records read, %,d left out, %,d rows written",
            scores.records(),
            scores.skipped().total(),
            scores.rows()));
    if (scores.skipped().total() > 0) {
      lines.add(
          "  left out: %s (first: %s)"
              .formatted(scores.skipped().kinds(), scores.skipped().first().get(0).where()));
    }
    lines.add("  columns " + String.join(", ", scores.columns()));
    lines.add(
        "scores  %s (%d %s %s)"
            .formatted(
                scores.output(),
                scores.files(),
                format.name().toLowerCase(Locale.ROOT),
                scores.files() == 1 ? "file" : "files"));
    scores.setAside().ifPresent(it -> lines.add("bad     " + it));
    return lines;
  }
}
