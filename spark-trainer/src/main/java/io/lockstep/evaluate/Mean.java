package io.lockstep.evaluate;

/** A plain mean, NaN of nothing. */
final class Mean {
  private double sum;
  private int count;

  void add(double value) {
    sum += value;
    count++;
  }

  double value() {
    return sum / count;
  }
}
