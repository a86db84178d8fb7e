package io.lockstep.spark;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.Dealt;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.Engine;
import io.lockstep.train.EvaluationWork;
import io.lockstep.train.Evaluator;
import io.lockstep.train.LoadedData;
import io.lockstep.train.RoundStart;
import io.lockstep.train.Workers;
import io.lockstep.train.Workload;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Data in the executors of a Spark cluster.
 *
 * @param spark whose executors they are; stays the caller's
 * @param site closed with this
 * @param kept the data
 */
record SparkData(JavaSparkContext spark, SparkSite site, Ingestion.Kept<SparkPieces> kept)
    implements LoadedData {
  @Override
  public Dealt dealt() {
    return kept.dealt();
  }

  @Override
  public Workers workers() {
    Memory now = Memory.of(spark);
    return new Workers(spark.isLocal() ? 0 : now.executors(), now.tasks(), true);
  }

  @Override
  public Engine open(Workload workload) {
    return new SparkRoundsEngine(spark, workload, kept);
  }

  @Override
  public EvaluationAccumulator measure(EvaluationWork work, TrainingState state) {
    int pieces = kept.dealt().pieces();
    try (SharedRun<Evaluator> run = SharedRun.send(spark, work);
        Passages passages = new Passages(spark, SparkRoundsEngine.LARGE_BYTES);
        Passage passage = passages.open(RoundStart.of(state), pieces)) {
      return new EvaluationTask(run, passage)
          .measure(kept.pieces(Part.TEST).shards(Part.TEST), work.spec());
    }
  }

  @Override
  public void close() {
    try {
      kept.close();
    } finally {
      site.close();
    }
  }
}
