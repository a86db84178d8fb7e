package io.lockstep.data.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
    var largest = new Permutation((1L << 62) - 1, -3);
    assertThat(LongStream.of(0, 1, 1L << 61, (1L << 62) - 2).map(largest::place).toArray())
        .containsExactly(GOLDEN_LARGEST);
    var middling = new Permutation(70_000, 5);
    assertThat(Arrays.hashCode(LongStream.range(0, 70_000).map(middling::place).toArray()))
        .isEqualTo(1361936615);
  }

  /** The definition of docs/order.md once more, with numbers that cannot overflow. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 6, 7, 10, 100, 65_535, 65_536, 5_000_000_000L, (1L << 62) - 1})
  void isWhatIsWrittenDown(long size) {
    var permutation = new Permutation(size, 11);
    for (long number = 0; number < size && number >= 0; number += Math.max(1, size / 37)) {
      assertThat(permutation.place(number)).isEqualTo(placeByDefinition(size, 11, number));
      assertThat(permutation.number(permutation.place(number))).isEqualTo(number);
    }
  }

  private static long placeByDefinition(long size, long seed, long number) {
    BigInteger n = BigInteger.valueOf(size);
    BigInteger[] root = n.sqrtAndRemainder();
    BigInteger rows = root[1].signum() == 0 ? root[0] : root[0].add(BigInteger.ONE);
    BigInteger columns = n.add(rows).subtract(BigInteger.ONE).divide(rows);
    columns = columns.testBit(0) ? columns.add(BigInteger.ONE) : columns;
    var random = new SplitMix64(seed);
    long[] keys = LongStream.generate(random::nextLong).limit(size < 65_536 ? 16 : 8).toArray();
    BigInteger at = BigInteger.valueOf(number);
    do {
      BigInteger row = at.divide(columns);
      BigInteger column = at.mod(columns);
      for (int i = 0; i < keys.length; i += 2) {
        row = row.add(draw(column, keys[i], rows)).mod(rows);
        column = column.add(draw(row, keys[i + 1], columns)).mod(columns);
      }
      at = row.multiply(columns).add(column);
    } while (at.compareTo(n) >= 0);
    return at.longValueExact();
  }

  private static BigInteger draw(BigInteger from, long key, BigInteger bound) {
    long upper = Seeds.mix(from.longValueExact() + key) >>> 32;
    return BigInteger.valueOf(upper).multiply(bound).shiftRight(32);
  }

  /**
   * Few examples are dealt as fairly as many: all orders of 4 to 6 come up equally often. The seeds
   * are fixed, so the test cannot flicker; chi square has a deviation of sqrt(2 / freedom).
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void everyOrderOfAFewNumbersIsEquallyLikely(int size) {
    int orders = IntStream.rangeClosed(1, size).reduce(1, (a, b) -> a * b);
    int each = 100;
    Map<List<Long>, Integer> seen = new HashMap<>();
    for (long seed = 0; seed < (long) each * orders; seed++) {
      var permutation = new Permutation(size, Seeds.derive(Seeds.Purpose.SPLIT, seed));
      seen.merge(
          LongStream.range(0, size).map(permutation::place).boxed().toList(), 1, Integer::sum);
    }
    double chiSquare =
        seen.values().stream().mapToDouble(n -> (n - each) * (double) (n - each) / each).sum();
    int freedom = orders - 1;
    assertThat(seen).hasSize(orders);
    assertThat(chiSquare / freedom).isLessThan(1 + 3.5 * Math.sqrt(2.0 / freedom));
  }

  /** Wherever one number is, another is equally likely to be anywhere else. */
  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 16, 17, 25})
  void pairsOfNumbersGoAnywhere(int size) {
    int each = 50;
    int[][] seen = new int[size][size];
    for (long seed = 0; seed < (long) each * size * (size - 1); seed++) {
      var permutation = new Permutation(size, Seeds.derive(Seeds.Purpose.SPLIT, seed));
      seen[(int) permutation.place(0)][(int) permutation.place(1)]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        chiSquare += i == j ? 0 : (seen[i][j] - each) * (double) (seen[i][j] - each) / each;
      }
    }
    int freedom = size * (size - 1) - 1;
    assertThat(chiSquare / freedom).isLessThan(1 + 3.5 * Math.sqrt(2.0 / freedom));
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

  private static final long[] GOLDEN_10 = {0, 8, 2, 9, 3, 4, 7, 1, 6, 5};
  private static final long[] GOLDEN_LARGEST = {
    4089843165552332932L, 4299814693995330179L, 1789781200961893105L, 14561192235525468L
  };
  private static final long[] GOLDEN_LARGE = {
    39004335831L, 34449934301L, 87778003641L, 2060128397L
  };
}
