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
    values[0] = -0f;
    for (double weight : new double[] {1, 3, 60_000, (1L << 29) - 1, 0.1, Math.PI, 1e-9, 1e18}) {
      var average = new WeightedAverage(values.length);
      average.add(values, weight);
      assertThat(average.mean()).isEqualTo(values);
    }
  }

  @Test
  void vectorsThatAgreeStayWhatTheyAre() {
    float[] values = randomBits(1_000, 2);
    values[0] = -0f;
    for (int replicas : new int[] {2, 4, 5, 9}) { // four are summed at a turn
      var average = new WeightedAverage(values.length);
      for (int k = 0; k < replicas; k++) {
        average.add(values, 7 + 1.5 * k);
      }
      assertThat(average.mean()).isEqualTo(values);
    }
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
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> average.add(new float[2], weight))
          .hasMessageContaining("finite and at least 0");
    }
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
