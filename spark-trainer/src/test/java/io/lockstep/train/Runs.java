package io.lockstep.train;

import io.lockstep.config.DataPlan.Normalization;
import io.lockstep.ps.OuterOptimizer;
import io.lockstep.ps.TrainingState;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/** Whole runs without a run directory: the loop of the trainer in its shortest form. */
public final class Runs {
  private Runs() {}

  public static TrainingState inProcess(Workload workload, int epochs) {
    return run(workload, epochs, w -> new InProcessEngine(w, new Configuration(false)));
  }

  public static TrainingState run(
      Workload workload, int epochs, Function<Workload, Engine> engines) {
    return run(workload, OuterOptimizer.PLAIN, epochs, engines);
  }

  public static TrainingState run(
      Workload workload, OuterOptimizer outer, int epochs, Function<Workload, Engine> engines) {
    var network = workload.networks().create();
    TrainingState state = network.state();
    try (Engine engine = engines.apply(workload);
        var update = new GlobalUpdate(workload.steps().mode(), outer, network)) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (int round = 0; round < workload.steps().schedule().rounds(); round++) {
          var request = new RoundRequest(epoch, round);
          state = update.apply(state, engine.round(state, request), request);
        }
      }
    }
    return state;
  }

  /** The same workload with features standardised instead of scaled. */
  public static Workload standardized(Workload scaled) {
    return new Workload(
        scaled.steps(),
        scaled.networks(),
        scaled.examples(),
        Normalization.STANDARDIZE,
        scaled.evaluation(),
        scaled.evaluationBatch());
  }
}
