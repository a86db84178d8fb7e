package io.lockstep.train;

import io.lockstep.data.order.Part;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.EvaluationSpec;
import io.lockstep.ingest.InMemory;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ps.TrainingState;

/**
 * One replica after the other in one thread of one JVM: the oracle that every other engine is
 * compared with.
 */
public final class InProcessEngine implements RoundsEngine {
  private final Workload workload;
  private final Ingestion.Kept<InMemory.Pieces> data;
  private final Workbench workbench;

  /** An engine over {@code data}, which stays the caller's. */
  public InProcessEngine(Workload workload, Ingestion.Kept<InMemory.Pieces> data) {
    this.workload = workload;
    this.data = data;
    this.workbench = workload.open();
  }

  @Override
  public Workload workload() {
    return workload;
  }

  @Override
  public RoundResult round(RoundStart start, RoundRequest request) {
    var merge = new Merge();
    for (int k = 0; k < workload.replicas(); k++) {
      merge.add(
          workbench.round(data.pieces(Part.TRAINING).shard(Part.TRAINING, k), k, start, request));
    }
    return merge.result();
  }

  @Override
  public EvaluationAccumulator evaluate(TrainingState state, Part part) {
    return measure(workbench, workload.evaluation().spec(), data, part, state);
  }

  static EvaluationAccumulator measure(
      Measuring measuring,
      EvaluationSpec spec,
      Ingestion.Kept<InMemory.Pieces> data,
      Part part,
      TrainingState state) {
    var measured = new EvaluationAccumulator(spec);
    for (int k = 0; k < data.dealt().pieces(); k++) {
      measured.merge(measuring.evaluate(data.pieces(part).shard(part, k), state));
    }
    return measured;
  }

  @Override
  public void close() {
    workbench.close();
  }
}
