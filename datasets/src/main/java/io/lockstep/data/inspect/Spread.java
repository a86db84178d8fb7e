package io.lockstep.data.inspect;

/** Smallest, largest and mean of many numbers. Not thread-safe. */
final class Spread {
  private long count;
  private double smallest = Double.NaN;
  private double largest = Double.NaN;
  private double sum;

  void add(double value) {
    smallest = count == 0 ? value : Math.min(smallest, value);
    largest = count == 0 ? value : Math.max(largest, value);
    sum += value;
    count++;
  }

  long count() {
    return count;
  }

  double smallest() {
    return smallest;
  }

  double largest() {
    return largest;
  }

  double mean() {
    return sum / count;
  }
}
