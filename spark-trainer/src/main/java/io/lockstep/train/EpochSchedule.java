package io.lockstep.train;

import io.lockstep.data.order.LongRange;
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
public record EpochSchedule(long examples, int replicas, int batch, int localSteps)
    implements Serializable {
  public EpochSchedule {
    if (examples < 1 || replicas < 1 || batch < 1 || localSteps < 1) {
      throw new IllegalArgumentException(
          "examples %d, replicas %d, batch %d, localSteps %d: each must be at least 1"
              .formatted(examples, replicas, batch, localSteps));
    }
  }

  /** The rows of the training split that {@code replica} owns. */
  public LongRange shard(int replica) {
    return LongRange.piece(examples, replicas, replica);
  }

  /** Minibatches of {@code replica} in an epoch. */
  public long minibatches(int replica) {
    return ceilDivide(shard(replica).size(), batch);
  }

  /** Rounds of an epoch: as many as the largest shard needs. */
  public int rounds() {
    // Shards differ by one example at most and the first is never the smaller one.
    return Math.toIntExact(ceilDivide(minibatches(0), localSteps));
  }

  /**
   * The minibatches of {@code replica} that it takes in {@code round}; empty when it has run out.
   */
  public LongRange work(int replica, int round) {
    long all = minibatches(replica);
    long first = (long) round * localSteps;
    return new LongRange(Math.min(first, all), Math.min(first + localSteps, all));
  }

  /** The positions in the epoch's order of {@code replica} that it trains in {@code round}. */
  public LongRange positions(int replica, int round) {
    LongRange work = work(replica, round);
    long size = shard(replica).size();
    return new LongRange(Math.min(work.from() * batch, size), Math.min(work.to() * batch, size));
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }
}
