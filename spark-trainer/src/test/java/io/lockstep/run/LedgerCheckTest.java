package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerCheckTest {
  private static final long SEED = 9;

  private static TrainingOrder order(int examples, int replicas) {
    return TrainingOrder.of(Split.of(examples, 0, SEED), replicas, SEED);
  }

  /** The ledger of a faultless run: in a round each replica trains up to {@code each} examples. */
  private static List<LedgerRound> ledger(TrainingOrder order, int each, int epochs) {
    var rounds = new ArrayList<LedgerRound>();
    for (int epoch = 0; epoch < epochs; epoch++) {
      int longest = 0;
      for (int replica = 0; replica < order.replicas(); replica++) {
        longest = Math.max(longest, order.ids(epoch, replica).length);
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
    int[] ids = order.ids(epoch, replica);
    int begin = Math.min(from, ids.length);
    int end = Math.min(to, ids.length);
    return new LedgerRound.Share(replica, begin, end, IdHash.of(ids, begin, end));
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
    int[] ids = order.ids(0, 1);
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
    int[] ids = order.ids(0, 0);
    rounds = withShare(rounds, 3, new LedgerRound.Share(0, 15, 18, IdHash.of(ids, 15, 18)));

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
    int[] swapped = order.ids(0, 0);
    int kept = swapped[5];
    swapped[5] = swapped[6];
    swapped[6] = kept;
    List<LedgerRound> rounds =
        withShare(
            ledger(order, 5, 1), 1, new LedgerRound.Share(0, 5, 10, IdHash.of(swapped, 5, 10)));

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
    int[] ids = {3, 1, 2};
    assertThat(IdHash.of(ids, 0, 3))
        .isEqualTo(IdHash.add(IdHash.add(IdHash.add(IdHash.EMPTY, 3), 1), 2))
        .isNotEqualTo(IdHash.of(new int[] {1, 3, 2}, 0, 3))
        .isNotEqualTo(IdHash.of(ids, 0, 2));
    assertThat(IdHash.of(new int[] {0}, 0, 1)).isNotEqualTo(IdHash.EMPTY);
    assertThat(Arrays.asList(IdHash.text(255), IdHash.text(-1)))
        .containsExactly("00000000000000ff", "ffffffffffffffff");
    assertThat(IdHash.parse("ffffffffffffffff")).isEqualTo(-1);
  }
}
