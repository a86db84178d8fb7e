package io.lockstep.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Rates of one contender, each with the rate that another reached just before: the quotient of
 * neighbours holds on a machine that grows faster and slower.
 */
final class Rates {
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> quotients = new ArrayList<>();

  void add(double rate, double ofOther) {
    rates.add(rate);
    quotients.add(rate / ofOther);
  }

  double median() {
    return Median.of(rates);
  }

  /** Median of the quotients. */
  double ofOther() {
    return Median.of(quotients);
  }
}
