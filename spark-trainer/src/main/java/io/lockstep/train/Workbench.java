package io.lockstep.train;

import io.lockstep.data.Batcher;
import io.lockstep.data.EpochOrder;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.IndexRange;
import io.lockstep.data.Minibatch;
import io.lockstep.data.Minibatches;
import io.lockstep.data.Normalizer;
import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.model.Replica;
import io.lockstep.ps.Contribution;
import io.lockstep.ps.TrainingState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one JVM keeps of a run between rounds, and the pieces of work it does with it.
 *
 * <p>Networks are expensive to build and cheap to load, so they stay: whoever works takes an idle
 * one, whichever replica used it last, because {@link Replica#load} leaves nothing of the past. At
 * most as many exist as pieces were ever worked on at once. The order of a replica's epoch is kept
 * too. Thread-safe.
 */
public final class Workbench implements AutoCloseable {
  private final Workload workload;
  private final Normalizer normalizer;
  private final Deque<Replica> idle = new ArrayDeque<>();
  private final Map<Integer, Order> orders = new ConcurrentHashMap<>();
  private boolean closed;

  /** An empty workbench; {@code normalizer} is applied to the features of all examples. */
  public Workbench(Workload workload, Normalizer normalizer) {
    this.workload = workload;
    this.normalizer = normalizer;
  }

  /** Runs the round of replica {@code k} over its shard. */
  public Contribution round(ExampleBlock shard, int k, RoundStart start, RoundRequest request) {
    if (workload.steps().schedule().work(k, request.round()).isEmpty()) {
      return Contribution.nothing(k, start.carry(k));
    }
    Batcher batcher = new Batcher(shard, normalizer, workload.evaluation().width());
    Feed feed = new Feed(shard, batcher, order(k, request.epoch(), shard.size()));
    Replica network = take();
    try {
      return workload.steps().run(network, feed, k, start, request);
    } finally {
      giveBack(network);
    }
  }

  /** Measures the network of {@code state} on {@code block}, in the block's order. */
  public EvaluationAccumulator evaluate(ExampleBlock block, TrainingState state) {
    var measured = new EvaluationAccumulator(workload.evaluation());
    Batcher batcher = new Batcher(block, normalizer, workload.evaluation().width());
    Replica network = take();
    try {
      network.load(state);
      int batch = workload.evaluationBatch();
      for (int from = 0; from < block.size(); from += batch) {
        int to = Math.min(from + batch, block.size());
        Minibatch rows = batcher.assemble(new IndexRange(from, to));
        Replica.Evaluated evaluated = network.evaluate(rows);
        measured.add(evaluated.outputs(), rows.labels(), rows.size(), evaluated.loss());
      }
      return measured;
    } finally {
      giveBack(network);
    }
  }

  private Minibatches order(int replica, int epoch, int size) {
    return orders
        .compute(
            replica,
            (k, known) ->
                known != null && known.epoch() == epoch
                    ? known
                    : new Order(
                        epoch,
                        new Minibatches(
                            EpochOrder.permutation(workload.steps().seed(), epoch, k, size),
                            workload.steps().schedule().batch())))
        .minibatches();
  }

  private record Order(int epoch, Minibatches minibatches) {}

  private Replica take() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return workload.networks().create();
  }

  private void giveBack(Replica network) {
    synchronized (idle) {
      if (!closed) {
        idle.push(network);
        return;
      }
    }
    network.close();
  }

  /** Closes the idle networks; one still at work is closed when it is done. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Replica::close);
      idle.clear();
    }
  }
}
