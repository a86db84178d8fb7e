package io.lockstep.train;

import io.lockstep.ps.TrainingState;
import java.util.function.LongSupplier;

/**
 * The first rounds of a run on two engines: do they agree, and how long did each take?
 *
 * @param rounds that were run
 * @param parameters largest absolute difference of a parameter
 * @param updater largest absolute difference of an updater value
 * @param sameBits whether both states are bit-identical
 * @param firstSeconds the rounds took on the first engine, without the first of them
 * @param secondSeconds the rounds took on the second engine, without the first of them
 */
public record Comparison(
    int rounds,
    double parameters,
    double updater,
    boolean sameBits,
    double firstSeconds,
    double secondSeconds) {
  /**
   * Runs {@code rounds} rounds on both engines, from the same initial state.
   *
   * @param nanoClock such as {@link System#nanoTime}
   */
  public static Comparison of(int rounds, Engine first, Engine second, LongSupplier nanoClock) {
    Timed one = run(rounds, first, nanoClock);
    Timed two = run(rounds, second, nanoClock);
    return new Comparison(
        rounds,
        largestDifference(one.state().parameters(), two.state().parameters()),
        largestDifference(one.state().updater(), two.state().updater()),
        one.state().sameBits(two.state()),
        one.seconds(),
        two.seconds());
  }

  private record Timed(TrainingState state, double seconds) {}

  /** The first round opens networks and reads data, so the clock starts after it. */
  private static Timed run(int rounds, Engine engine, LongSupplier nanoClock) {
    try (Training training = engine.begin()) {
      long start = nanoClock.getAsLong();
      for (int round = 0; round < rounds; round++) {
        if (round == 1) {
          start = nanoClock.getAsLong();
        }
        training.advance();
      }
      return new Timed(training.snapshot().state(), (nanoClock.getAsLong() - start) / 1e9);
    }
  }

  private static double largestDifference(float[] a, float[] b) {
    double largest = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
    }
    return largest;
  }
}
