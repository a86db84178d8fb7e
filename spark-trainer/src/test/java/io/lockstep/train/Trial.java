package io.lockstep.train;

import io.lockstep.data.order.Deal.Arrangement;
import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.evaluate.Task;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.Dealt;
import io.lockstep.model.ReplicaFactory;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * A whole run without a run directory: the loop of the trainer in its shortest form.
 *
 * @param request for its data
 * @param mode what is merged
 * @param batch examples of a minibatch
 * @param localSteps minibatches between two rounds
 * @param networks of the replicas
 * @param outer optimizer
 */
public record Trial(
    DataRequest request,
    Mode mode,
    int batch,
    int localSteps,
    ReplicaFactory networks,
    OuterOptimizer outer) {
  private static final Place HERE = new InProcessPlace(new Configuration(false));

  /** A trial without an outer optimizer. */
  public Trial(DataRequest request, Mode mode, int batch, int localSteps, ReplicaFactory networks) {
    this(request, mode, batch, localSteps, networks, OuterOptimizer.PLAIN);
  }

  /** The same with an outer optimizer. */
  public Trial with(OuterOptimizer other) {
    return new Trial(request, mode, batch, localSteps, networks, other);
  }

  /** The same with features standardised. */
  public Trial standardized() {
    return with(Normalization.STANDARDIZE, request.windowBytes());
  }

  /** The same with no more than {@code bytes} shuffled together. */
  public Trial window(long bytes) {
    return with(request.normalization(), bytes);
  }

  private Trial with(Normalization normalization, long windowBytes) {
    var other =
        new DataRequest(
            request.train(),
            request.test(),
            request.validation(),
            request.replicas(),
            request.seed(),
            normalization,
            windowBytes);
    return new Trial(other, mode, batch, localSteps, networks, outer);
  }

  /** What the replicas are to do. */
  public Workload workload(Dealt data) {
    var schedule =
        new EpochSchedule(data.count(Part.TRAINING), request.replicas(), batch, localSteps);
    return new Workload(
        new LocalSteps(request.seed(), mode, schedule, data.order(request.seed())),
        outer,
        new EvaluationWork(
            networks,
            data.feeding(),
            new EvaluationSpec(Task.CLASSIFICATION, data.labels().width()),
            request.arrangement() == Arrangement.IN_ORDER ? batch : 32,
            request.arrangement() == Arrangement.IN_ORDER));
  }

  /** The state after some epochs, in process. */
  public TrainingState run(int epochs) {
    return run(HERE, epochs, LoadedData::open);
  }

  /** The state after some epochs. */
  public TrainingState run(
      Place place, int epochs, BiFunction<LoadedData, Workload, Engine> engines) {
    try (LoadedData data = load(place)) {
      Workload workload = workload(data.dealt());
      try (Engine engine = engines.apply(data, workload);
          Training training = engine.begin()) {
        int rounds = epochs * workload.steps().schedule().rounds();
        for (int round = 0; round < rounds; round++) {
          training.advance();
        }
        return training.snapshot().state();
      }
    }
  }

  /** Its data in process. */
  public LoadedData load() {
    return load(HERE);
  }

  /** Its data. */
  public LoadedData load(Place place) {
    try {
      return place.load(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
