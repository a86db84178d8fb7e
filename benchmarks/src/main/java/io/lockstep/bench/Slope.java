package io.lockstep.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The least-squares line through points. */
final class Slope {
  private Slope() {}

  static <T> double of(List<T> points, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
    double meanX = points.stream().mapToDouble(x).average().orElse(0);
    double meanY = points.stream().mapToDouble(y).average().orElse(0);
    double covariance = 0;
    double variance = 0;
    for (T point : points) {
      double distance = x.applyAsDouble(point) - meanX;
      covariance += distance * (y.applyAsDouble(point) - meanY);
      variance += distance * distance;
    }
    return variance == 0 ? 0 : covariance / variance;
  }
}
