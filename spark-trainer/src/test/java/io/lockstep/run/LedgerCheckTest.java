package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.order.Deal;
import io.lockstep.data.order.EpochOrder;
import io.lockstep.data.order.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerCheckTest {
  private static final long SEED = 9;

  private static TrainingOrder order(int examples, int replicas) {
    return TrainingOrder.of(
        Deal.training(examples, 0, replicas, SEED), new EpochOrder(SEED, 1 << 10, 1 << 10));
  }

  /** The ledger of a faultless run: in a round each replica trains up to {@code each} examples. */
  private static List<LedgerRound> ledger(TrainingOrder order, int each, int epochs) {
    var rounds = new ArrayList<LedgerRound>();
    for (int epoch = 0; epoch < epochs; epoch++) {
      int longest = 0;
      for (int replica = 0; replica < order.replicas(); replica++) {
        longest = (int) Math.max(longest, order.size(replica));
      }
      for (int at = 0; at < longest; at += each) {
        var shares = new ArrayList<LedgerRound.Share>();
        for (int replica = 0; replica < order.replicas(); replica++) {
          shares.add(share(order, epoch, replica, at, at + each));
        }
        rounds.add(new LedgerRound(rounds.size(), epoch, shares));
      }
    }
    return rounds;
  }

  private static LedgerRound.Share share(
      TrainingOrder order, int epoch, int replica, int from, int to) {
    long[] ids = Runs.ids(order, epoch, replica);
    int begin = Math.min(from, ids.length);
    int end = Math.min(to, ids.length);
    return new LedgerRound.Share(replica, begin, end, hash(ids, begin, end));
  }

  private static long hash(long[] ids, int from, int to) {
    return IdHash.of(Arrays.copyOfRange(ids, from, to));
  }

  private static List<LedgerRound> withShare(
      List<LedgerRound> rounds, int round, LedgerRound.Share share) {
    var changed = new ArrayList<>(rounds);
    LedgerRound old = rounds.get(round);
    var shares = new ArrayList<>(old.shares());
    shares.set(share.replica(), share);
    changed.set(round, new LedgerRound(old.round(), old.epoch(), shares));
    return changed;
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 20", "79, 4, 20", "38, 2, 20", "39, 4, 3", "210, 2, 10"})
  void aFaultlessRunIsExactWhateverDoesNotDivide(int examples, int replicas, int each) {
    TrainingOrder order = order(examples, replicas);

    LedgerCheck.Report report = LedgerCheck.verify(ledger(order, each, 3), order);

    assertThat(report.problems()).isEmpty();
    assertThat(report.completeEpochs()).isEqualTo(3);
    assertThat(report.examples()).isEqualTo(examples);
    assertThat(report.trained()).isEqualTo(3L * examples);
    assertThat(report)
        .hasToString(
            "Exact: each of %,d examples was trained exactly once in each of 3 epochs."
                .formatted(examples));
  }

  @Test
  void anEpochInProgressIsExactAsFarAsItHasCome() {
    TrainingOrder order = order(40, 2);
    List<LedgerRound> rounds = ledger(order, 5, 2);

    LedgerCheck.Report report = LedgerCheck.verify(rounds.subList(0, 6), order);

    assertThat(report.isExact()).isTrue();
    assertThat(report.completeEpochs()).isEqualTo(1);
    assertThat(report.trainedInProgress()).isEqualTo(20);
    assertThat(report.toString()).endsWith("and 20 of them so far, once each, in epoch 1.");
  }

  @Test
  void aDroppedContributionIsNamedWithItsExamples() {
    TrainingOrder order = order(40, 2);
    long[] ids = Runs.ids(order, 0, 1);
    List<LedgerRound> rounds =
        withShare(ledger(order, 5, 1), 1, new LedgerRound.Share(1, 5, 5, IdHash.EMPTY));

    LedgerCheck.Report report = LedgerCheck.verify(rounds, order);

    assertThat(report.isExact()).isFalse();
    assertThat(report.problems())
        .containsExactly(
            "epoch 0, replica 1: 5 examples were not trained: positions 5 to 9 of its order (ids "
                + "%d, %d, %d, %d, %d)".formatted(ids[5], ids[6], ids[7], ids[8], ids[9]));
  }

  @Test
  void anEpochThatLacksItsEndIsNotExactIfAnotherFollows() {
    TrainingOrder order = order(40, 2);
    List<LedgerRound> rounds = ledger(order, 5, 2);
    long[] ids = Runs.ids(order, 0, 0);
    rounds = withShare(rounds, 3, new LedgerRound.Share(0, 15, 18, hash(ids, 15, 18)));

    assertThat(LedgerCheck.verify(rounds, order).problems())
        .singleElement()
        .asString()
        .startsWith("epoch 0, replica 0: 2 examples were not trained: positions 18 to 19");
  }

  @Test
  void examplesTrainedTwiceAreNamed() {
    TrainingOrder order = order(40, 2);
    List<LedgerRound> rounds = withShare(ledger(order, 5, 1), 2, share(order, 0, 0, 7, 15));

    assertThat(LedgerCheck.verify(rounds, order).problems())
        .singleElement()
        .asString()
        .startsWith("epoch 0, replica 0: 3 examples were trained more than once: positions 7 to 9");
  }

  @Test
  void otherExamplesThanTheOrderSaysAreNoticedByTheirHash() {
    TrainingOrder order = order(40, 2);
    long[] swapped = Runs.ids(order, 0, 0);
    long kept = swapped[5];
    swapped[5] = swapped[6];
    swapped[6] = kept;
    List<LedgerRound> rounds =
        withShare(ledger(order, 5, 1), 1, new LedgerRound.Share(0, 5, 10, hash(swapped, 5, 10)));

    assertThat(LedgerCheck.verify(rounds, order).problems())
        .containsExactly(
            "epoch 0, replica 0: round 1 trained other examples than positions 5 to 9 of its"
                + " order");
  }

  @Test
  void aRoundThatIsMissingOrRepeatedIsNoticed() {
    TrainingOrder order = order(40, 2);
    List<LedgerRound> rounds = ledger(order, 5, 1);
    rounds.add(2, rounds.get(1));

    assertThat(LedgerCheck.verify(rounds, order).problems())
        .anyMatch(problem -> problem.contains("round 1 follows where round 2 should"))
        .anyMatch(problem -> problem.contains("more than once"));
  }

  @Test
  void aReplicaOrAnEpochThePlanDoesNotHaveIsNoticed() {
    TrainingOrder order = order(10, 2);
    var foreign = new LedgerRound(0, 3, List.of(new LedgerRound.Share(7, 0, 1, 5)));

    assertThat(LedgerCheck.verify(List.of(foreign), order).problems())
        .containsExactly(
            "nothing was trained in epochs 0 to 2",
            "epoch 3: a replica 7 trained, but the plan has 2");
  }

  @Test
  void theHashDependsOnIdsOrderAndCount() {
    assertThat(IdHash.of(3, 1, 2))
        .isEqualTo(IdHash.add(IdHash.add(IdHash.add(IdHash.EMPTY, 3), 1), 2))
        .isNotEqualTo(IdHash.of(1, 3, 2))
        .isNotEqualTo(IdHash.of(3, 1));
    assertThat(IdHash.of(0)).isNotEqualTo(IdHash.EMPTY);
    assertThat(IdHash.of(1L << 40)).isNotEqualTo(IdHash.of(0));
    assertThat(Arrays.asList(IdHash.text(255), IdHash.text(-1)))
        .containsExactly("00000000000000ff", "ffffffffffffffff");
    assertThat(IdHash.parse("ffffffffffffffff")).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"100000, 3, 1024, 4", "5000, 2, 4096, 1", "70, 4, 16, 1", "64, 4, 16, 1"})
  void theOrderOfADealIsWalkedGroupByGroup(int examples, int replicas, int block, int window) {
    Deal deal = Deal.training(examples, 0.1, replicas, SEED);
    var epochOrder = new EpochOrder(SEED, block, window);
    TrainingOrder order = TrainingOrder.of(deal, epochOrder);
    var seen = new HashSet<Long>();
    for (int replica = 0; replica < replicas; replica++) {
      for (long id : Runs.ids(order, 1, replica)) {
        Deal.Place place = deal.places().of(id);
        assertThat(place.part()).isEqualTo(Part.TRAINING);
        assertThat(place.piece()).isEqualTo(replica);
        assertThat(seen.add(id)).isTrue();
      }
      assertThat(order.ids(1, replica)).toIterable().hasSize((int) order.size(replica));
    }
    assertThat(seen).hasSize((int) deal.count(Part.TRAINING));

    LedgerCheck.Report report = LedgerCheck.verify(ledger(order, 999, 2), order);

    assertThat(report.problems()).isEmpty();
    assertThat(report.completeEpochs()).isEqualTo(2);
  }

  @Test
  void anEpochThatComesBackIsNoticed() {
    TrainingOrder order = order(10, 2);
    List<LedgerRound> rounds = new ArrayList<>(ledger(order, 5, 2));
    rounds.add(new LedgerRound(2, 0, List.of()));

    assertThat(LedgerCheck.verify(rounds, order).problems())
        .containsExactly("round 2 is of epoch 0, but epoch 1 had begun");
  }

  @Test
  void aLedgerThatRepeatsItselfForEverEndsInTime() {
    TrainingOrder order = frozen(order(20_000, 1));
    var rounds = new ArrayList<LedgerRound>();
    LedgerRound.Share first = share(order, 0, 0, 0, 10);
    for (int round = 0; round < 100_000; round++) {
      rounds.add(new LedgerRound(round, 0, List.of(first)));
    }

    assertThat(LedgerCheck.verify(rounds, order).problems()).hasSize(50);
  }

  /** The same order, its numbers computed once. */
  private static TrainingOrder frozen(TrainingOrder order) {
    long[] ids = Runs.ids(order, 0, 0);
    return new TrainingOrder() {
      @Override
      public int replicas() {
        return 1;
      }

      @Override
      public long size(int replica) {
        return ids.length;
      }

      @Override
      public PrimitiveIterator.OfLong ids(int epoch, int replica) {
        return LongStream.of(ids).iterator();
      }
    };
  }
}
