package io.lockstep.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.InputException;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunEvent.Outcome;
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

  TrainedModel(
      String directory,
      RunDirectory run,
      SparkChoice spark,
      Outcome outcome,
      Position end,
      Optional<EvaluationResult> test) {
    this.directory = directory;
    this.run = run;
    this.spark = spark;
    this.outcome = outcome;
    this.end = end;
    this.test = test;
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

  /** How good it is on the plan's test set; empty without one. */
  public Optional<EvaluationResult> test() {
    return test;
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
