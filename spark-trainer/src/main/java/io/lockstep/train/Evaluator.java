package io.lockstep.train;

import io.lockstep.data.batch.Batcher;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.evaluate.Task;
import io.lockstep.ingest.Shard;
import io.lockstep.model.Replica;
import io.lockstep.ps.TrainingState;
import java.util.ArrayList;
import java.util.List;

/** What one JVM keeps to measure networks: the networks themselves. Thread-safe. */
public final class Evaluator implements Measuring {
  private final EvaluationWork work;
  private final NetworkPool networks;

  /** An evaluator that owns {@code networks}. */
  Evaluator(EvaluationWork work, NetworkPool networks) {
    this.work = work;
    this.networks = networks;
  }

  @Override
  public EvaluationAccumulator evaluate(Shard piece, TrainingState state) {
    return networks.with(network -> measure(network, piece, state));
  }

  private EvaluationAccumulator measure(Replica network, Shard piece, TrainingState state) {
    var measured = new EvaluationAccumulator(work.spec());
    Batcher batcher = work.feeding().batcher();
    network.load(state);
    if (work.streams()) {
      network.carry(new float[0]);
    }
    for (var feed = new InOrder(piece, batcher, work.batch(), work.streams()); ; ) {
      Minibatch batch = feed.next();
      if (batch == null) {
        return measured;
      }
      Replica.Evaluated seen = network.evaluate(batch);
      List<EvaluationAccumulator.Seen> outputs = new ArrayList<>();
      for (Replica.Output output : seen.outputs()) {
        work.feeding()
            .targets(outputs.size())
            .ifPresent(
                standardized -> { // figures are in the units of the data
                  standardized.revert(output.values(), output.rows());
                  standardized.revert(output.labels(), output.rows());
                });
        outputs.add(
            new EvaluationAccumulator.Seen(
                output.values(), output.labels(), output.weights(), output.rows(), output.loss()));
      }
      if (work.spec().task() == Task.SEVERAL) {
        measured.add(outputs, batch.size(), seen.loss());
        continue;
      }
      EvaluationAccumulator.Seen only = outputs.get(0);
      measured.add(
          new EvaluationAccumulator.Seen(
              only.outputs(), only.labels(), only.weights(), only.rows(), seen.loss()),
          batch.references().stream().map(Tensor::floats).toList(),
          seen.weight());
    }
  }

  @Override
  public void close() {
    networks.close();
  }
}
