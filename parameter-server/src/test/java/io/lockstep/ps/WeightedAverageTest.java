package io.lockstep.ps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedAverageTest {
  @Test
  void oneVectorAveragesToItselfBitForBit() {
    float[] values = randomBits(10_000, 1);
    for (long weight : new long[] {1, 3, 60_000, (1L << 29) - 1}) {
      var average = new WeightedAverage(values.length);
      average.add(values, weight);
      assertThat(average.mean()).isEqualTo(values);
    }
  }

  @Test
  void vectorsThatAgreeStayWhatTheyAre() {
    float[] values = randomBits(1_000, 2);
    var average = new WeightedAverage(values.length);
    for (long weight : new long[] {7, 64, 1, 640}) {
      average.add(values, weight);
    }
    assertThat(average.mean()).isEqualTo(values);
  }

  @Test
  void weighsByExamplesAndRoundsOnce() {
    var random = new SplittableRandom(3);
    for (int trial = 0; trial < 500; trial++) {
      int n = 1 + random.nextInt(6);
      var average = new WeightedAverage(1);
      BigDecimal sum = BigDecimal.ZERO;
      long total = 0;
      for (int k = 0; k < n; k++) {
        float value = (float) (random.nextDouble() - 0.5);
        int weight = random.nextInt(1000);
        average.add(new float[] {value}, weight);
        sum = sum.add(new BigDecimal(value).multiply(BigDecimal.valueOf(weight)));
        total += weight;
      }
      if (total > 0) {
        float exact = sum.divide(BigDecimal.valueOf(total), new MathContext(40)).floatValue();
        assertThat(average.mean()[0]).as("trial %d", trial).isEqualTo(exact);
      }
    }
  }

  @Test
  void aVectorWithoutWeightLeavesNoTrace() {
    var average = new WeightedAverage(2);
    average.add(new float[] {1, 2}, 5);
    average.add(new float[0], 0);
    assertThat(average.mean()).containsExactly(1, 2);
    assertThat(average.weight()).isEqualTo(5);
  }

  @Test
  void refusesVectorsOfAnotherLengthAndMeansOfNothing() {
    var average = new WeightedAverage(2);
    assertThatThrownBy(() -> average.add(new float[3], 1))
        .hasMessage("a vector of 3 values cannot join an average of 2");
    assertThatThrownBy(average::mean).hasMessageContaining("needs weight");
  }

  private static float[] randomBits(int length, long seed) {
    var random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      float value;
      do {
        value = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(value));
      values[i] = value;
    }
    return values;
  }
}
