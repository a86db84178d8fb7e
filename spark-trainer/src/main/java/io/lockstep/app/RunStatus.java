package io.lockstep.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanParser;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunOwner;
import io.lockstep.run.RunProgress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;

/**
 * How a run comes along, seen from anywhere that its directory can be read from.
 *
 * @param directory of the run, as the user wrote it
 * @param plan of the run
 * @param progress of it
 */
public record RunStatus(String directory, Plan plan, RunProgress progress) {
  /**
   * Reads the run of {@code directory}, also while it is under way.
   *
   * @throws InputException if there is none
   */
  public static RunStatus of(String directory, Configuration hadoop) throws IOException {
    RunDirectory run = RunDirectory.open(hadoop, directory);
    Plan plan = PlanParser.parse(run.plan().yaml(), directory + "/plan.yaml", List.of());
    return new RunStatus(directory, plan, run.progress());
  }

  /** Examples of all epochs. */
  public long total() {
    return progress.epochExamples() * plan.training().epochs();
  }

  /** Seconds of training that are left at the present rate; early stopping may take fewer. */
  public OptionalDouble secondsLeft() {
    if (progress.state() != RunProgress.State.RUNNING || progress.rate().isEmpty()) {
      return OptionalDouble.empty();
    }
    long left = Math.max(0, total() - progress.examples());
    return OptionalDouble.of(left / progress.rate().getAsDouble());
  }

  /** How long ago the last event was; by this machine's clock, so roughly. */
  public Optional<Duration> sinceLast(Instant now) {
    return progress.last().map(last -> Duration.between(last, now)).map(RunStatus::notNegative);
  }

  private static Duration notNegative(Duration age) {
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** All of it as JSON; what is not known yet is left out. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("run", directory).put("name", plan.name()).put("state", progress.state().word());
    if (!progress.message().isEmpty()) {
      json.put("message", progress.message());
    }
    progress.owner().map(RunOwner::who).ifPresent(who -> json.put("owner", who));
    json.put("epoch", progress.epoch())
        .put("epochs", plan.training().epochs())
        .put("rounds", progress.rounds())
        .put("examples", progress.examples())
        .put("examplesInAll", total());
    progress.loss().ifPresent(loss -> json.put("loss", loss));
    progress.rate().ifPresent(rate -> json.put("examplesPerSecond", rate));
    json.put("seconds", progress.seconds());
    secondsLeft().ifPresent(left -> json.put("secondsLeft", left));
    progress.last().ifPresent(last -> json.put("lastEvent", last.toString()));
    ObjectNode evaluations = json.putObject("evaluations");
    progress
        .evaluations()
        .forEach(
            (split, measured) ->
                evaluations
                    .putObject(split)
                    .put("epoch", measured.epoch())
                    .set("metrics", measured.result().path("metrics")));
    return json;
  }
}
