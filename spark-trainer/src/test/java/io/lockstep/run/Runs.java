package io.lockstep.run;

import io.lockstep.data.order.Deal;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A small run without a network: each round's state is a pure function of its number, so that after
 * any crash it is known what must be found.
 */
final class Runs {
  static final String PLAN = "plan-of-the-test";
  static final RunDirectory.RecordedPlan RECORDED =
      new RunDirectory.RecordedPlan("name: test\n", PLAN);
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
  static final int KEEP = 2;

  static final int REPLICAS = 2;
  static final int EXAMPLES = 9;
  static final int ROUNDS_PER_EPOCH = 3;
  static final TrainingOrder ORDER =
      TrainingOrder.of(
          Deal.training(EXAMPLES, 0, REPLICAS, 42), new EpochOrder(42, 1 << 10, 1 << 10));

  private Runs() {}

  /** What is saved when {@code round} rounds are merged, all of it depending on the round. */
  static Checkpoint checkpoint(long round) {
    int epoch = (int) (round / ROUNDS_PER_EPOCH);
    var position =
        new Position(round, epoch, (int) (round % ROUNDS_PER_EPOCH), round * 7, round * 0.5);
    long bestRound = round - round % 2;
    var patience =
        round < 2
            ? Patience.NONE
            : new Patience(
                Optional.of(new Patience.Best(0.5 + bestRound / 100.0, bestRound, epoch)),
                (int) (round % 2));
    return new Checkpoint(
        PLAN,
        position,
        new TrainingState(floats(round, 70), floats(round + 1000, 140), round * 2, epoch),
        floats(round + 2000, 70),
        patience,
        List.of(floats(round + 3000, 5), new float[0]),
        round % ROUNDS_PER_EPOCH == 0);
  }

  /** The model of {@code round}, as it is kept when it is the best. */
  static Checkpoint model(long round) {
    Checkpoint whole = checkpoint(round);
    return new Checkpoint(PLAN, whole.position(), whole.state(), new float[0], Patience.NONE);
  }

  private static float[] floats(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The ledger of one round: each replica trains up to two examples of its order. */
  static LedgerRound ledger(long round) {
    int epoch = (int) (round / ROUNDS_PER_EPOCH);
    int inEpoch = (int) (round % ROUNDS_PER_EPOCH);
    var shares = new ArrayList<LedgerRound.Share>();
    for (int replica = 0; replica < REPLICAS; replica++) {
      long[] ids = ids(ORDER, epoch, replica);
      int from = Math.min(2 * inEpoch, ids.length);
      int to = Math.min(from + 2, ids.length);
      long hash = IdHash.of(Arrays.copyOfRange(ids, from, to));
      shares.add(new LedgerRound.Share(replica, from, to, hash));
    }
    return new LedgerRound(round, epoch, shares);
  }

  /** The whole order of one replica in one epoch. */
  static long[] ids(TrainingOrder order, int epoch, int replica) {
    var ids = order.ids(epoch, replica);
    return LongStream.generate(ids::nextLong).limit(order.size(replica)).toArray();
  }

  /** Works on the run until {@code rounds} rounds are merged, a checkpoint after each. */
  static void work(RunDirectory directory, long rounds, List<Long> saved) throws IOException {
    try (RunSession session = directory.begin(KEEP, CLOCK)) {
      long from = session.checkpoint().map(c -> c.position().round()).orElse(0L);
      for (long round = from; round < rounds; round++) {
        session.record(new RunEvent.Round(round, 0, 2 * round, 7, 1.0 / (1 + round), 0.5));
        session.record(ledger(round));
        long merged = round + 1;
        if (merged >= 2 && merged % 2 == 0) {
          session.saveBest(model(merged));
        }
        session.save(checkpoint(merged));
        saved.add(merged);
      }
      session.writeModel(out -> out.write("the model".getBytes(StandardCharsets.UTF_8)));
      session.end(new RunEvent.Ended(RunEvent.Outcome.FINISHED, rounds, 1, ""));
    }
  }
}
