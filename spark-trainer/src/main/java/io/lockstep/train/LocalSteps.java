package io.lockstep.train;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.LongRange;
import io.lockstep.data.order.Seeds;
import io.lockstep.model.Replica;
import io.lockstep.plan.TrainingPlan.Mode;
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
 * @param order of the examples of a shard, epoch by epoch
 * @param classes by what losses are multiplied
 */
public record LocalSteps(
    long seed, Mode mode, EpochSchedule schedule, EpochOrder order, ClassWeights classes)
    implements Serializable {
  private static final float[] NOTHING = {};

  /** Steps in which all classes count alike. */
  public LocalSteps(long seed, Mode mode, EpochSchedule schedule, EpochOrder order) {
    this(seed, mode, schedule, order, ClassWeights.NONE);
  }

  /**
   * Runs the round of replica {@code k}.
   *
   * @param network the replica's copy of the network, in any state
   * @param feed the replica's minibatches of this epoch
   * @param start the global state at the round's beginning
   * @throws NonFiniteException if a loss is NaN or infinite
   */
  Contribution run(Replica network, Feed feed, int k, RoundStart start, RoundRequest request) {
    LongRange work = schedule.work(k, request.round());
    if (work.isEmpty()) {
      return Contribution.nothing(k, start.carry(k));
    }
    TrainingState state = start.state().at(start.state().step(), request.epoch());
    RoundPart loading = RoundPart.begin("load", k);
    network.load(state);
    loading.commit();
    // Each epoch reads its streams from their beginnings.
    network.carry(work.from() == 0 ? NOTHING : start.carry(k));
    return switch (mode) {
      case AVERAGING -> average(network, feed, k, state.step(), work, request);
      case GRADIENT -> gradient(network, feed, k, work, request);
    };
  }

  private Contribution average(
      Replica network, Feed feed, int k, long before, LongRange work, RoundRequest request) {
    double lossSum = 0;
    long examples = 0;
    double weight = 0;
    for (long i = work.from(); i < work.to(); i++) {
      Minibatch batch = minibatch(feed, i, k);
      RoundPart step = RoundPart.begin("step", k);
      double loss = network.fit(batch, stepSeed(request.epoch(), k, i));
      step.commit();
      lossSum += checked(loss, request, k, i) * weight(batch);
      examples += batch.size();
      weight += weight(batch);
    }
    RoundPart leaving = RoundPart.begin("state", k);
    TrainingState after = network.state();
    leaving.commit();
    return new Contribution(
        k,
        examples,
        weight,
        Math.toIntExact(after.step() - before),
        lossSum,
        feed.padding(),
        feed.handedOut(),
        network.carry(),
        after.parameters(),
        after.updater());
  }

  private Contribution gradient(
      Replica network, Feed feed, int k, LongRange work, RoundRequest request) {
    long i = work.from();
    Minibatch batch = minibatch(feed, i, k);
    RoundPart step = RoundPart.begin("step", k);
    float[] gradient = new float[network.parameters()];
    double loss = network.gradient(batch, stepSeed(request.epoch(), k, i), gradient);
    step.commit();
    return new Contribution(
        k,
        batch.size(),
        weight(batch),
        1,
        checked(loss, request, k, i) * weight(batch),
        feed.padding(),
        feed.handedOut(),
        network.carry(),
        gradient,
        new float[0]);
  }

  private Minibatch minibatch(Feed feed, long i, int k) {
    RoundPart assembling = RoundPart.begin("minibatch", k);
    Minibatch batch = classes.weighing(feed.minibatch(i));
    assembling.commit();
    return batch;
  }

  /**
   * What the loss of a minibatch is averaged over: DL4J divides the sum of the losses by the number
   * of examples, however long they are and whatever they weigh. A mean over replicas with the same
   * weights is then the mean over all of their examples.
   */
  private static double weight(Minibatch batch) {
    return batch.size();
  }

  /** A step that is repeated, on another executor or after a crash, draws the same numbers. */
  private long stepSeed(int epoch, int replica, long minibatch) {
    return Seeds.derive(Seeds.Purpose.STEP, seed, epoch, replica, minibatch);
  }

  private static double checked(double loss, RoundRequest request, int k, long minibatch) {
    if (!Double.isFinite(loss)) {
      throw NonFiniteException.loss(loss, request, k, minibatch);
    }
    return loss;
  }
}
