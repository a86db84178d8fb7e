package io.lockstep.ps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OuterOptimizerTest {
  @Test
  void plainReturnsTheAverageItself() {
    float[] average = {1.5f, -2};
    assertThat(OuterOptimizer.PLAIN.step(new float[] {1, 1}, average, new float[0]))
        .isSameAs(average);
  }

  @Test
  void aLearningRateScalesTheDelta() {
    float[] next =
        new OuterOptimizer(0.5, 0).step(new float[] {1, 4}, new float[] {3, 0}, new float[0]);
    assertThat(next).containsExactly(2, 2);
  }

  @Test
  void nesterovFollowsTheTextbookRecurrence() {
    // Sutskever's form: look ahead along the velocity, with y the point where gradients are taken.
    double learningRate = 0.7;
    double momentum = 0.9;
    var outer = new OuterOptimizer(learningRate, momentum);
    float[] x = {1};
    float[] velocity = new float[outer.velocityLength(1)];
    double y = 1;
    double v = 0;
    for (int round = 0; round < 20; round++) {
      float[] average = {x[0] * 0.9f}; // delta = -0.1 x: gradient descent on x^2 / 20
      x = outer.step(x, average, velocity);

      double gradientStep = learningRate * -0.1 * y;
      double vNext = momentum * v + gradientStep;
      y = y + gradientStep + momentum * vNext;
      v = vNext;
      assertThat((double) x[0]).as("round %d", round).isCloseTo(y, within(1e-5));
    }
  }

  @Test
  void refusesWhatCannotConverge() {
    assertThatThrownBy(() -> new OuterOptimizer(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OuterOptimizer(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OuterOptimizer(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
