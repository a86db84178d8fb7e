package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.order.Seeds;
import io.lockstep.data.order.SplitMix64;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The golden values may never change: all results of all users hang on them. */
class EpochOrderTest {
  @Test
  void orderIsTheSameForEver() {
    assertThat(EpochOrder.permutation(42, 0, 0, 10)).containsExactly(2, 5, 6, 0, 9, 8, 4, 3, 1, 7);
    assertThat(EpochOrder.permutation(42, 1, 0, 10)).containsExactly(6, 4, 5, 0, 2, 9, 3, 1, 7, 8);
    assertThat(EpochOrder.permutation(42, 0, 1, 10)).containsExactly(9, 4, 3, 0, 8, 1, 2, 7, 5, 6);
    assertThat(EpochOrder.permutation(-7, 3, 2, 5)).containsExactly(2, 3, 0, 1, 4);
    assertThat(Arrays.hashCode(EpochOrder.permutation(42, 5, 3, 100_000))).isEqualTo(-882348291);
  }

  @Test
  void randomNumbersAreThoseOfSplitMix64() {
    // The reference implementation (Vigna, splitmix64.c) gives these from seed 1234567.
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    assertThat(random.nextLong()).isEqualTo(4593380528125082431L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
  }

  @Test
  void seedsAreTheSameForEver() {
    assertThat(Seeds.derive(Seeds.Purpose.SPLIT, 42)).isEqualTo(8988660440807181120L);
    assertThat(Seeds.derive(Seeds.Purpose.ORDER, 42, 0, 0)).isEqualTo(7250991726924452867L);
    assertThat(Seeds.derive(Seeds.Purpose.STEP, 42, 1, 2, 3)).isEqualTo(8169248525096483285L);
    assertThat(Seeds.derive(Seeds.Purpose.WEIGHTS, 42)).isEqualTo(-8561353267645965201L);
  }

  @Test
  void seedsDependOnPurposeAndOnEveryKeyAndTheirOrder() {
    assertThat(
            new long[] {
              Seeds.derive(Seeds.Purpose.STEP, 1),
              Seeds.derive(Seeds.Purpose.STEP, 1, 0),
              Seeds.derive(Seeds.Purpose.STEP, 1, 0, 0),
              Seeds.derive(Seeds.Purpose.STEP, 1, 0, 1),
              Seeds.derive(Seeds.Purpose.STEP, 1, 1, 0),
              Seeds.derive(Seeds.Purpose.STEP, 2, 0, 1),
              Seeds.derive(Seeds.Purpose.ORDER, 1, 0, 1),
              Seeds.derive(Seeds.Purpose.STEP, 0),
              Seeds.derive(Seeds.Purpose.STEP, 0, 0)
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void everyOrderIsAPermutation() {
    for (int size : new int[] {0, 1, 2, 3, 10, 1000}) {
      int[] sorted = EpochOrder.permutation(1, 2, 3, size);
      Arrays.sort(sorted);
      for (int i = 0; i < size; i++) {
        assertThat(sorted[i]).isEqualTo(i);
      }
    }
  }

  @Test
  void everyOrderIsEquallyLikely() {
    // 24 orders of 4 things, 24,000 draws: chi square with 23 degrees of freedom is below 49.7 in
    // 99.9 % of all cases; the draws are fixed, so the test cannot flicker.
    int[] seen = new int[256];
    for (int epoch = 0; epoch < 24_000; epoch++) {
      int[] order = EpochOrder.permutation(9, epoch, 0, 4);
      seen[order[0] + 4 * order[1] + 16 * order[2] + 64 * order[3]]++;
    }
    double chiSquare = 0;
    int orders = 0;
    for (int count : seen) {
      if (count > 0) {
        orders++;
        chiSquare += (count - 1000.0) * (count - 1000.0) / 1000.0;
      }
    }
    assertThat(orders).isEqualTo(24);
    assertThat(chiSquare).isLessThan(49.7);
  }

  @Test
  void boundsThatDoNotDivideTwoToThe32AreNotFavoured() {
    // 3 * 2^30 is the worst case for a plain modulus: a third of the numbers would come up twice.
    SplitMix64 random = new SplitMix64(5);
    int bound = 3 << 29;
    int low = 0;
    for (int i = 0; i < 30_000; i++) {
      int next = random.nextInt(bound);
      assertThat(next).isBetween(0, bound - 1);
      low += next < bound / 2 ? 1 : 0;
    }
    assertThat(low).isBetween(14_700, 15_300);
  }
}
