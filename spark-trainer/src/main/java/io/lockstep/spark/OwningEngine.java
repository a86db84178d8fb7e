package io.lockstep.spark;

import io.lockstep.data.Normalizer;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Engine;
import io.lockstep.train.Part;
import io.lockstep.train.Snapshot;
import io.lockstep.train.Training;
import org.apache.spark.api.java.JavaSparkContext;

/** An engine with a Spark context of its own, closed after it. */
record OwningEngine(Engine engine, JavaSparkContext spark) implements Engine {
  @Override
  public Normalizer normalizer() {
    return engine.normalizer();
  }

  @Override
  public Training begin() {
    return engine.begin();
  }

  @Override
  public Training resume(Snapshot snapshot) {
    return engine.resume(snapshot);
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    return engine.evaluate(state, part);
  }

  @Override
  public void close() {
    try (spark) {
      engine.close();
    }
  }
}
