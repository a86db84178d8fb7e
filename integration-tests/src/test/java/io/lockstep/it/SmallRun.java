package io.lockstep.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.app.Training;
import io.lockstep.app.TrainingListener;
import io.lockstep.it.Experiment.Model;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanBuilder;
import io.lockstep.run.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A plan of eleven short rounds of three replicas, whose state is small, and its runs in a folder.
 * In one JVM unless a Spark is given.
 *
 * @param folder in which they lie
 * @param validation part of the examples that is held out, 0 or so little that rounds are as many
 */
record SmallRun(Path folder, double validation) {
  static final int REPLICAS = 3;
  static final int ROUNDS = 11;

  /** Something that happens to a run. */
  interface Event {
    void happen() throws Exception;
  }

  /** The plan. */
  Plan plan() {
    return PlanBuilder.named("small")
        .train("embedded: mnist-10k")
        .validation(validation)
        .normalize(Normalization.SCALE)
        .layers("dense: {units: 8, activation: relu}", "dropout: 0.2", "dense")
        .optimizer("adam: {learningRate: 0.003}")
        .set("training", "{replicas: 3, batch: 64, localSteps: 5, epochs: 1}")
        .set("run", "{engine: inProcess, checkpointRounds: 3}")
        .build();
  }

  /** A training into the run directory {@code run}. */
  Training training(String run) {
    return Training.of(plan()).directory(directory(run));
  }

  /** Address of a run directory. */
  String directory(String run) {
    return folder.resolve(run).toString();
  }

  /** What a run made. */
  Model model(String run) throws IOException {
    return Model.read(folder.resolve(run).resolve("model.zip"));
  }

  /** What happened in a run, as it says itself. */
  List<JsonNode> events(String run) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("events.jsonl"))) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  /** Lets things happen between two rounds, each when as many rounds are done. */
  static TrainingListener between(Map<Integer, Event> events) {
    return new TrainingListener() {
      @Override
      public void round(Position next, double loss) {
        Event event = events.get((int) next.round());
        if (event == null) {
          return;
        }
        try {
          event.happen();
        } catch (Exception e) {
          throw new IllegalStateException("after round " + next.round(), e);
        }
      }
    };
  }
}
