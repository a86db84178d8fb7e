package io.lockstep.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanParser;
import io.lockstep.ps.Padding;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunEvent;
import io.lockstep.run.RunEvent.Outcome;
import io.lockstep.train.RoundPace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Training} came to: a model in the run directory, unless it was stopped before.
 *
 * <p>Immutable; its files are read when they are asked for.
 */
public final class TrainedModel {
  private final String directory;
  private final RunDirectory run;
  private final SparkChoice spark;
  private final Outcome outcome;
  private final Position end;
  private final Optional<EvaluationResult> test;
  private final Optional<Integer> keptEpoch;

  TrainedModel(
      String directory,
      RunDirectory run,
      SparkChoice spark,
      Outcome outcome,
      Position end,
      Optional<EvaluationResult> test,
      Optional<Integer> keptEpoch) {
    this.directory = directory;
    this.run = run;
    this.spark = spark;
    this.outcome = outcome;
    this.end = end;
    this.test = test;
    this.keptEpoch = keptEpoch;
  }

  /** The model of a run that had come to its end before. */
  static TrainedModel finished(String directory, RunDirectory run, SparkChoice spark)
      throws IOException {
    RunEvent.Ended ended = run.ending().orElseThrow();
    Position end = run.newest().map(last -> last.checkpoint().position()).orElse(Position.START);
    return new TrainedModel(
        directory,
        run,
        spark,
        ended.outcome(),
        end,
        Optional.empty(),
        Optional.ofNullable(ended.kept()));
  }

  /** Why training ended. */
  public Outcome outcome() {
    return outcome;
  }

  /** Where training ended: epochs, rounds, examples and seconds, over all sessions. */
  public Position end() {
    return end;
  }

  /** The run directory, as the user wrote it. */
  public String directory() {
    return directory;
  }

  /** The model's file, which plain DL4J loads too; empty if the training was stopped. */
  public Optional<String> file() {
    return outcome == Outcome.STOPPED ? Optional.empty() : Optional.of(directory + "/model.zip");
  }

  /** The epoch, counted from 0, whose network early stopping kept; empty without it. */
  public Optional<Integer> keptEpoch() {
    return keptEpoch;
  }

  /**
   * How good this very network was on a part of the data, as the events of the run have it.
   *
   * @param split {@code validation} or {@code test}
   * @return as {@link EvaluationResult#toJson} gives it; empty if it was not measured
   */
  public Optional<JsonNode> scores(String split) throws IOException {
    int epoch = keptEpoch.orElse(end.epoch() - 1);
    return events().stream()
        .filter(event -> event.path("event").asText().equals("evaluation"))
        .filter(event -> event.path("split").asText().equals(split))
        .filter(event -> split.equals("test") || event.path("epoch").asInt() == epoch)
        .reduce((earlier, later) -> later)
        .map(event -> event.path("result"));
  }

  /**
   * How much of the time steps that were computed was padding, over the rounds of all epochs; none
   * of them if the examples are no sequences.
   */
  public Padding padding() throws IOException {
    Padding all = Padding.NONE;
    for (JsonNode event : events()) {
      JsonNode round = event.path("padding");
      all = all.plus(new Padding(round.path("steps").asLong(), round.path("computed").asLong()));
    }
    return all;
  }

  /** What the rounds of the newest session took; empty where it was not measured. */
  public Optional<RoundPace> pace() throws IOException {
    RoundPace newest = null;
    for (JsonNode event : events()) {
      if (event.path("event").asText().equals("pace")) {
        newest =
            new RoundPace(
                event.path("rounds").asLong(),
                event.path("seconds").asDouble(),
                event.path("working").asDouble());
      }
    }
    return Optional.ofNullable(newest);
  }

  /**
   * What {@code lockstep plan} says of an epoch of the newest session, beside what it took; empty
   * if the run was too short, or too large for this machine, to measure steps after it.
   */
  public Optional<RunEvent.Predicted> prediction() throws IOException {
    RunEvent.Predicted newest = null;
    for (JsonNode event : events()) {
      if (event.path("event").asText().equals("prediction")) {
        newest =
            new RunEvent.Predicted(
                event.path("where").asText(),
                event.path("step").asDouble(),
                event.path("epoch").asDouble(),
                event.path("measured").asDouble());
      }
    }
    return Optional.ofNullable(newest);
  }

  /**
   * How good it is on the plan's test set; empty without one, and for a run that had ended before.
   */
  public Optional<EvaluationResult> test() {
    return test;
  }

  /** The plan that it was trained by, as the run directory has it. */
  public Plan plan() throws IOException {
    return PlanParser.parse(run.plan().yaml(), directory + "/plan.yaml", List.of());
  }

  /** All events of the run, over all sessions; docs/run-directory.md has their fields. */
  public List<JsonNode> events() throws IOException {
    return run.events();
  }

  /**
   * Measures the model on {@code examples}, on the Spark it was trained on.
   *
   * @throws InputException if they are not like those of training
   */
  public EvaluationResult evaluate(ExampleSource examples) throws IOException {
    return evaluation().data(examples).run();
  }

  /**
   * As {@link #evaluate(ExampleSource)}.
   *
   * @param examples as {@code data.test} of a plan has them, or a path; see {@link
   *     Evaluation#data(String)}
   */
  public EvaluationResult evaluate(String examples) throws IOException {
    return evaluation().data(examples).run();
  }

  /** An evaluation of this model, to be told more. */
  public Evaluation evaluation() {
    if (outcome == Outcome.STOPPED) {
      throw new IllegalStateException(
          directory + " has no model yet: it was stopped; go on with Training.resume");
    }
    return Evaluation.of(directory, spark);
  }
}
