package io.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.app.TrainedModel;
import io.lockstep.plan.TrainingPlan;
import io.lockstep.ps.Padding;
import io.lockstep.run.Position;
import io.lockstep.run.RunEvent;
import io.lockstep.train.RoundPace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last lines of a run: what came of it and what can be done with it.
 *
 * @param outcome why the process ended its work
 * @param directory of the run, as a user would type it
 * @param model file, as a user would type it; empty if none was written
 * @param epochs done
 * @param examples trained, over all epochs
 * @param seconds of training, over all sessions
 * @param metrics of the model, such as {@code test accuracy 0.9897}, one line each
 * @param forecast whether a model that foretells series was written
 * @param languageModel whether it is one that foretells the tokens of a text
 */
record RunSummary(
    RunEvent.Outcome outcome,
    String directory,
    String model,
    int epochs,
    long examples,
    double seconds,
    List<String> metrics,
    boolean forecast,
    boolean languageModel) {
  private static final double WORTH_A_WORD = 0.01;
  private static final double MUCH = 0.2;

  /** Share of the time from which on rounds are worth a word. */
  private static final double DEAR = 0.1;

  /** Of a model that foretells neither series nor tokens. */
  RunSummary(
      RunEvent.Outcome outcome,
      String directory,
      String model,
      int epochs,
      long examples,
      double seconds,
      List<String> metrics) {
    this(outcome, directory, model, epochs, examples, seconds, metrics, false, false);
  }

  /** What a training came to. */
  static RunSummary of(TrainedModel model) throws IOException {
    Position end = model.end();
    var metrics = new ArrayList<String>();
    model
        .keptEpoch()
        .ifPresent(epoch -> metrics.add("kept epoch " + (epoch + 1) + ", the best on validation"));
    boolean forecast = false;
    boolean languageModel = false;
    for (String split : List.of("validation", "test")) {
      Optional<JsonNode> scores = model.scores(split);
      scores.ifPresent(it -> metrics.add(split + " " + ResultTable.line(it)));
      String task = scores.map(it -> it.path("task").asText()).orElse("");
      forecast |= task.equals("forecast");
      languageModel |= task.equals("language_model");
    }
    TrainingPlan training = model.plan().training();
    padding(model.padding(), training).ifPresent(metrics::add);
    long steps =
        end.examples() / Math.max(1, end.epoch()) / ((long) training.replicas() * training.batch());
    model.pace().flatMap(it -> pace(it, training, steps)).ifPresent(metrics::add);
    model.prediction().map(RunSummary::prediction).ifPresent(metrics::add);
    return new RunSummary(
        model.outcome(),
        model.directory(),
        model.file().orElse(""),
        end.epoch(),
        end.examples(),
        end.seconds(),
        metrics,
        forecast && model.file().isPresent(),
        languageModel);
  }

  /** What was padded, where it is worth a word, and what can be done about it, if anything can. */
  static Optional<String> padding(Padding padding, TrainingPlan plan) {
    if (padding.share() < WORTH_A_WORD) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "padding %.0f %% of the time steps computed%s",
            100 * padding.share(),
            padding.share() < MUCH ? "" : remedy(plan)));
  }

  /**
   * What rounds cost, where it is worth a word, and with how many steps they would cost little.
   *
   * @param most steps of a replica in an epoch
   */
  static Optional<String> pace(RoundPace pace, TrainingPlan plan, long most) {
    if (pace.share() < DEAR) {
      return Optional.empty();
    }
    int now = plan.localSteps();
    int better = pace.localSteps(now, Integer.MAX_VALUE);
    boolean free = plan.mode() == TrainingPlan.Mode.AVERAGING && better > now && better <= most;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "rounds cost %.0f %% of the time: %.0f ms of %.0f%s",
            100 * pace.share(),
            1e3 * (pace.seconds() - pace.working()),
            1e3 * pace.seconds(),
            free
                ? "; training.localSteps: %d would make it 10 %% (lockstep plan)".formatted(better)
                : ""));
  }

  /** What an epoch took, beside what was to be expected. */
  static String prediction(RunEvent.Predicted predicted) {
    return String.format(
        Locale.ROOT,
        "an epoch took %s on %s; lockstep plan predicts %s, of steps of %s alone on one core",
        Pace.precise(predicted.measured()),
        predicted.where(),
        Pace.precise(predicted.epoch()),
        Pace.precise(predicted.step()));
  }

  private static String remedy(TrainingPlan plan) {
    if (plan.carries()) {
      return "; last windows of texts are shorter, and training.stateful keeps the order";
    }
    return plan.bucketed()
        ? "; training.bucketing is byLength already: a smaller training.batch pads less"
        : "; see training.bucketing";
  }

  /** The summary, line by line. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    double rate = seconds > 0 ? examples / seconds : 0;
    lines.add(
        String.format(
            Locale.ROOT,
            "%s after %d epochs, %,d examples in %s (%,.0f examples/s)",
            outcome.word(),
            epochs,
            examples,
            Pace.duration(seconds),
            rate));
    metrics.forEach(line -> lines.add("  " + line));
    lines.add("run    " + directory);
    if (model.isEmpty()) {
      lines.add("resume it with   lockstep train --resume " + quoted(directory));
      return lines;
    }
    lines.add("model  " + model);
    lines.add("evaluate it with  lockstep evaluate --model " + quoted(directory) + " --data PATH");
    if (forecast) {
      lines.add("forecast with     lockstep forecast --model " + quoted(directory));
    } else if (!languageModel) {
      lines.add(
          "score data with   lockstep score --model %s --data PATH --output PATH"
              .formatted(quoted(directory)));
    }
    lines.add("check it with     lockstep verify --ledger " + quoted(directory));
    return lines;
  }

  /** As a shell takes it for one word. */
  private static String quoted(String path) {
    return path.matches("[\\w@%+=:,./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }

  /**
   * The curves of loss and validation accuracy in the events of a run, several lines.
   *
   * @param events as {@code RunDirectory.events} gives them
   */
  static List<String> curves(List<JsonNode> events, Terminal terminal) {
    double[] loss =
        of(events, "round").mapToDouble(event -> event.path("loss").asDouble(Double.NaN)).toArray();
    double[] accuracy =
        of(events, "evaluation")
            .filter(event -> event.path("split").asText().equals("validation"))
            .map(event -> event.path("result").path("metrics").path("accuracy"))
            .filter(JsonNode::isNumber)
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    var lines = new ArrayList<String>();
    lines.addAll(TextPlot.render("training loss", loss, "rounds", terminal));
    lines.addAll(TextPlot.render("validation accuracy", accuracy, "evaluations", terminal));
    return lines;
  }

  private static Stream<JsonNode> of(List<JsonNode> events, String kind) {
    return events.stream().filter(event -> event.path("event").asText().equals(kind));
  }
}
