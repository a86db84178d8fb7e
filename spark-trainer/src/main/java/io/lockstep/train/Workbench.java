package io.lockstep.train;

import io.lockstep.evaluate.EvaluationAccumulator;
import io.lockstep.ingest.Shard;
import io.lockstep.ps.Contribution;
import io.lockstep.ps.TrainingState;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one JVM keeps of a run between rounds, and the pieces of work it does with it.
 *
 * <p>Beside the networks it keeps the window of each replica that worked here, as long as there is
 * memory to spare: it is fetched and shuffled again if not. Thread-safe.
 */
public final class Workbench implements Measuring {
  private final Workload workload;
  private final NetworkPool networks;
  private final Evaluator evaluator;
  private final Map<Integer, SoftReference<Window>> windows = new ConcurrentHashMap<>();

  /** An empty workbench. */
  public Workbench(Workload workload) {
    this.workload = workload;
    this.networks = new NetworkPool(workload.networks());
    this.evaluator = new Evaluator(workload.evaluation(), networks);
  }

  /** Runs the round of replica {@code k} over its shard. */
  public Contribution round(Shard shard, int k, RoundStart start, RoundRequest request) {
    RoundPart working = RoundPart.begin("task", k);
    LocalSteps steps = workload.steps();
    if (steps.schedule().work(k, request.round()).isEmpty()) {
      return Contribution.nothing(k, start.carry(k));
    }
    // Taken out while it is used: the same replica may be at work twice, when Spark speculates.
    SoftReference<Window> kept = windows.remove(k);
    Window window = kept == null ? null : kept.get();
    if (window == null || window.epoch() != request.epoch()) {
      window =
          new Window(steps.order(), request.epoch(), k, steps.schedule().shard(k).size(), window);
    }
    Feed feed =
        new Feed(
            shard, window, workload.evaluation().feeding().batcher(), steps.schedule().batch());
    Contribution brought = networks.with(network -> steps.run(network, feed, k, start, request));
    windows.put(k, new SoftReference<>(window));
    working.commit();
    return brought;
  }

  /** Lets the windows go that no replica is at work with; they are fetched again. */
  public void forget() {
    windows.clear();
  }

  @Override
  public EvaluationAccumulator evaluate(Shard piece, TrainingState state) {
    return evaluator.evaluate(piece, state);
  }

  /** Closes the idle networks; one still at work is closed when it is done. */
  @Override
  public void close() {
    windows.clear();
    networks.close();
  }
}
