package io.lockstep.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.InputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  /** Two reserved ids, which nobody should draw however likely, then three tokens. */
  private static final float[] PROBABILITIES = {0.3f, 0.2f, 0.1f, 0.25f, 0.15f};

  private static final int DRAWS = 200_000;

  /** Shares of the ids among many draws. */
  private static double[] shares(Sampling sampling) {
    var sampler = new Sampler(sampling, 2, 1);
    double[] shares = new double[PROBABILITIES.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      shares[sampler.next(PROBABILITIES)] += 1.0 / DRAWS;
    }
    return shares;
  }

  private static void assertShares(Sampling sampling, double... expected) {
    double[] shares = shares(sampling);
    for (int id = 0; id < expected.length; id++) {
      assertThat(shares[id]).isCloseTo(expected[id], within(expected[id] == 0 ? 0 : 0.005));
    }
  }

  @Test
  void drawsInProportionButNeverAReservedId() {
    assertShares(Sampling.PLAIN, 0, 0, 0.2, 0.5, 0.3);
  }

  /** Half the temperature squares the probabilities: 0.01, 0.0625, 0.0225 of 0.095. */
  @Test
  void aLowTemperatureMakesTheLikelyLikelier() {
    assertShares(new Sampling(0.5, 0, 1), 0, 0, 0.105, 0.658, 0.237);
  }

  @Test
  void zeroTakesTheLikeliest() {
    assertShares(new Sampling(0, 0, 1), 0, 0, 0, 1, 0);
    var sampler = new Sampler(new Sampling(0, 0, 1), 2, 1);
    assertThat(sampler.next(new float[] {0, 0, 0.5f, 0.5f})).isEqualTo(2);
  }

  @Test
  void topKLeavesTheKLikeliest() {
    assertShares(new Sampling(1, 2, 1), 0, 0, 0, 0.625, 0.375);
    assertShares(new Sampling(1, 9, 1), 0, 0, 0.2, 0.5, 0.3);
  }

  /** 0.5 reaches 0.45 alone; 0.6 needs the second as well. */
  @Test
  void topPLeavesTheLikeliestThatReachIt() {
    assertShares(new Sampling(1, 0, 0.45), 0, 0, 0, 1, 0);
    assertShares(new Sampling(1, 0, 0.6), 0, 0, 0, 0.625, 0.375);
  }

  @Test
  void whatIsImpossibleIsNotDrawn() {
    var sampler = new Sampler(new Sampling(2, 0, 1), 0, 3);
    float[] certain = {0, 1, 0};
    assertThat(IntStream.range(0, 1000).map(draw -> sampler.next(certain))).containsOnly(1);
  }

  /** Ties by the smaller id; what is not a number comes last. */
  @Test
  void ranksAsAComparatorWould() {
    float[] probabilities = {
      0.1f, 0, 0.2f, Float.MIN_VALUE, 0.1f, Float.NaN, 1, 0.1f, 0, Float.MIN_NORMAL, Float.NaN, 0.2f
    };
    Integer[] expected = IntStream.range(1, 12).boxed().toArray(Integer[]::new);
    Arrays.sort(
        expected,
        Comparator.comparingDouble((Integer id) -> -probabilities[id])
            .thenComparing(Comparator.naturalOrder()));
    assertThat(new Sampler(Sampling.PLAIN, 1, 1).ranked(probabilities))
        .containsExactly(Arrays.stream(expected).mapToInt(id -> id).toArray());
  }

  @Test
  void theSeedDecides() {
    assertThat(draws(5)).isEqualTo(draws(5)).isNotEqualTo(draws(6));
  }

  private static int[] draws(long seed) {
    var sampler = new Sampler(Sampling.PLAIN, 2, seed);
    return IntStream.range(0, 50).map(draw -> sampler.next(PROBABILITIES)).toArray();
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    for (double[] wrong : new double[][] {{-1, 0, 1}, {Double.NaN, 0, 1}, {1, -1, 1}, {1, 0, 0}}) {
      assertThatThrownBy(() -> new Sampling(wrong[0], (int) wrong[1], wrong[2]))
          .isInstanceOf(InputException.class);
    }
  }
}
