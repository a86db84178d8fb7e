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
    try (Engine engine = engines.apply(workload);
        Training training = engine.begin()) {
      int rounds = epochs * workload.steps().schedule().rounds();
      for (int round = 0; round < rounds; round++) {
        training.advance();
      }
      return training.snapshot().state();
    }
  }

  /** The same workload with an outer optimizer. */
  public static Workload with(OuterOptimizer outer, Workload plain) {
    return new Workload(
        plain.steps(),
        outer,
        plain.networks(),
        plain.examples(),
        plain.normalization(),
        plain.evaluation(),
        plain.evaluationBatch());
  }

  /** The same workload with features standardised instead of scaled. */
  public static Workload standardized(Workload scaled) {
    return new Workload(
        scaled.steps(),
        scaled.outer(),
        scaled.networks(),
        scaled.examples(),
        Normalization.STANDARDIZE,
        scaled.evaluation(),
        scaled.evaluationBatch());
  }
}
