package io.lockstep.train;

import io.lockstep.config.TrainingPlan.Mode;
import io.lockstep.data.IndexRange;
import io.lockstep.data.Minibatch;
import io.lockstep.data.order.Seeds;
import io.lockstep.model.Replica;
import io.lockstep.ps.Contribution;
import io.lockstep.ps.TrainingState;
import java.io.Serializable;

/**
 * What one replica does in one round: from the global state, its next minibatches in its own order.
 *
 * <p>A pure function of (plan, schedule, shard, state, request): which JVM runs it, how often, and
 * what that JVM did before make no difference. Thread-safe if each thread brings its own replica
 * and minibatches.
 *
 * @param seed of the plan
 * @param mode what is merged at the round's end
 * @param schedule who trains what when
 */
public record LocalSteps(long seed, Mode mode, EpochSchedule schedule) implements Serializable {
  /**
   * Runs the round of replica {@code k}.
   *
   * @param network the replica's copy of the network, in any state
   * @param feed the replica's minibatches of this epoch
   * @param state the global state at the round's beginning
   * @throws NonFiniteException if a loss is NaN or infinite
   */
  Contribution run(Replica network, Feed feed, int k, TrainingState state, RoundRequest request) {
    IndexRange work = schedule.work(k, request.round());
    if (work.isEmpty()) {
      return Contribution.nothing(k);
    }
    network.load(state.at(state.step(), request.epoch()));
    return switch (mode) {
      case AVERAGING -> average(network, feed, k, work, request);
      case GRADIENT -> gradient(network, feed, k, work, request);
    };
  }

  private Contribution average(
      Replica network, Feed feed, int k, IndexRange work, RoundRequest request) {
    double lossSum = 0;
    long weight = 0;
    for (int i = work.from(); i < work.to(); i++) {
      Minibatch batch = feed.minibatch(i);
      double loss = network.fit(batch, stepSeed(request.epoch(), k, i));
      lossSum += checked(loss, request, k, i) * batch.size();
      weight += batch.size();
    }
    TrainingState after = network.state();
    return new Contribution(
        k, weight, work.size(), lossSum, feed.handedOut(), after.parameters(), after.updater());
  }

  private Contribution gradient(
      Replica network, Feed feed, int k, IndexRange work, RoundRequest request) {
    int i = work.from();
    Minibatch batch = feed.minibatch(i);
    float[] gradient = new float[network.parameters()];
    double loss = network.gradient(batch, stepSeed(request.epoch(), k, i), gradient);
    return new Contribution(
        k,
        batch.size(),
        1,
        checked(loss, request, k, i) * batch.size(),
        feed.handedOut(),
        gradient,
        new float[0]);
  }

  /** A step that is repeated, on another executor or after a crash, draws the same numbers. */
  private long stepSeed(int epoch, int replica, int minibatch) {
    return Seeds.derive(Seeds.Purpose.STEP, seed, epoch, replica, minibatch);
  }

  private static double checked(double loss, RoundRequest request, int k, int minibatch) {
    if (!Double.isFinite(loss)) {
      throw NonFiniteException.loss(loss, request, k, minibatch);
    }
    return loss;
  }
}
