package io.lockstep.train;

import io.lockstep.data.IndexRange;
import io.lockstep.data.Shards;
import java.io.Serializable;

/**
 * Who trains what when: a pure function of the counts, the same on every cluster.
 *
 * <p>N examples are cut into R contiguous shards, a shard into minibatches of b examples (the last
 * may be short), and every H minibatches of a replica belong to one round. Replicas whose shard is
 * used up take fewer steps in the last round, or none; nothing is dropped. Immutable.
 *
 * @param examples of the training split, N
 * @param replicas R
 * @param batch examples of a minibatch, b
 * @param localSteps minibatches per replica and round, H
 */
public record EpochSchedule(int examples, int replicas, int batch, int localSteps)
    implements Serializable {
  public EpochSchedule {
    if (examples < 1 || replicas < 1 || batch < 1 || localSteps < 1) {
      throw new IllegalArgumentException(
          "examples %d, replicas %d, batch %d, localSteps %d: each must be at least 1"
              .formatted(examples, replicas, batch, localSteps));
    }
  }

  /** The positions of the training split that {@code replica} owns. */
  public IndexRange shard(int replica) {
    return Shards.range(examples, replicas, replica);
  }

  /** Minibatches of {@code replica} in an epoch. */
  public int minibatches(int replica) {
    return ceilDivide(shard(replica).size(), batch);
  }

  /** Rounds of an epoch: as many as the largest shard needs. */
  public int rounds() {
    // Shards differ by one example at most and the first is never the smaller one.
    return ceilDivide(minibatches(0), localSteps);
  }

  /**
   * The minibatches of {@code replica} that it takes in {@code round}; empty when it has run out.
   */
  public IndexRange work(int replica, int round) {
    int all = minibatches(replica);
    long first = (long) round * localSteps;
    return new IndexRange((int) Math.min(first, all), (int) Math.min(first + localSteps, all));
  }

  /** The positions in the epoch's order of {@code replica} that it trains in {@code round}. */
  public IndexRange positions(int replica, int round) {
    IndexRange work = work(replica, round);
    int size = shard(replica).size();
    return new IndexRange(
        (int) Math.min((long) work.from() * batch, size),
        (int) Math.min((long) work.to() * batch, size));
  }

  private static int ceilDivide(int a, int b) {
    return (int) (((long) a + b - 1) / b);
  }
}
