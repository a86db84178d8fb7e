package io.lockstep.data.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A function that orders numbers must order each of them, once, for ever in the same way. */
class PermutationTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 15, 16, 17, 1000, 65_536, 65_537, 100_003})
  void eachNumberHasOnePlaceAndEachPlaceItsNumber(long size) {
    var permutation = new Permutation(size, 42);
    BitSet taken = new BitSet();
    for (long number = 0; number < size; number++) {
      long place = permutation.place(number);
      assertThat(place).isBetween(0L, size - 1);
      assertThat(permutation.number(place)).isEqualTo(number);
      taken.set((int) place);
    }
    assertThat(taken.cardinality()).isEqualTo((int) size);
  }

  @Test
  void isStableForEver() {
    var permutation = new Permutation(10, 42);
    assertThat(LongStream.range(0, 10).map(permutation::place).toArray())
        .containsExactly(GOLDEN_10);
    var large = new Permutation(100_000_000_000L, 7);
    assertThat(LongStream.of(0, 1, 2, 99_999_999_999L).map(large::place).toArray())
        .containsExactly(GOLDEN_LARGE);
  }

  @Test
  void goesBeyondWhatArraysHold() {
    long size = 5_000_000_000L;
    var permutation = new Permutation(size, 1);
    for (long number = 0; number < size; number += 4_999_999) {
      assertThat(permutation.number(permutation.place(number))).isEqualTo(number);
    }
  }

  /** In a random order a number stays at its place once, in the mean, and half come before half. */
  @Test
  void looksRandom() {
    long size = 10_000;
    var permutation = new Permutation(size, 3);
    long fixed = LongStream.range(0, size).filter(i -> permutation.place(i) == i).count();
    long crossed =
        LongStream.range(0, size / 2).filter(i -> permutation.place(i) >= size / 2).count();
    long ascents =
        LongStream.range(1, size)
            .filter(i -> permutation.place(i) > permutation.place(i - 1))
            .count();
    assertThat(fixed).isLessThan(8);
    assertThat(crossed).isBetween(2350L, 2650L);
    assertThat(ascents).isBetween(4800L, 5200L);
  }

  @Test
  void refusesNumbersThatAreNotInIt() {
    assertThatThrownBy(() -> new Permutation(3, 1).place(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Permutation(-1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static final long[] GOLDEN_10 = {1, 5, 2, 9, 8, 0, 7, 6, 3, 4};
  private static final long[] GOLDEN_LARGE = {
    83628298146L, 74519926836L, 32019750382L, 26429860350L
  };
}
