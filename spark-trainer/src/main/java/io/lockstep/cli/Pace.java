package io.lockstep.cli;

import io.lockstep.evaluate.EvaluationResult;
import io.lockstep.evaluate.Metric;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * What a bar and a plain line tell of a run: where it is, how fast, how good and how long still.
 *
 * <p>The rate is a mean that forgets with a time constant of {@value #FORGET_SECONDS} s, so it
 * follows a change within seconds and does not flicker.
 */
final class Pace {
  private static final double FORGET_SECONDS = 10;

  private final LongSupplier nanos;
  private Progress.Extent extent = new Progress.Extent(0, 0, 0);
  private long done;
  private long lastNanos;
  private double rate = Double.NaN;
  private double loss = Double.NaN;
  private OptionalDouble accuracy = OptionalDouble.empty();

  Pace(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastNanos = nanos.getAsLong();
  }

  void begin(Progress.Extent newExtent) {
    extent = newExtent;
    done = newExtent.done();
    lastNanos = nanos.getAsLong();
  }

  void round(long nowDone, double nowLoss) {
    long now = nanos.getAsLong();
    double seconds = Math.max(now - lastNanos, 1) / 1e9;
    double latest = (nowDone - done) / seconds;
    double weight = 1 - Math.exp(-seconds / FORGET_SECONDS);
    rate = Double.isNaN(rate) ? latest : rate + weight * (latest - rate);
    lastNanos = now;
    done = nowDone;
    loss = nowLoss;
  }

  /** The time an evaluation took does not count as training. */
  void evaluated(EvaluationResult result) {
    lastNanos = nanos.getAsLong();
    Optional.ofNullable(result.metrics().get(Metric.ACCURACY))
        .ifPresent(value -> accuracy = OptionalDouble.of(value));
  }

  long now() {
    return nanos.getAsLong();
  }

  /** Share of the current epoch that is done, [0, 1]. */
  double share() {
    if (extent.examples() == 0) {
      return 0;
    }
    return (done - (epoch() - 1) * extent.examples()) / (double) extent.examples();
  }

  /** The epoch in progress, or just ended, counted from 1 as people do. */
  long epoch() {
    if (extent.examples() == 0) {
      return 1;
    }
    return Math.max(1, (done + extent.examples() - 1) / extent.examples());
  }

  boolean isEpochEnd() {
    return extent.examples() > 0 && done > 0 && done % extent.examples() == 0;
  }

  String epochText() {
    return String.format(Locale.ROOT, "epoch %d/%d", epoch(), extent.epochs());
  }

  String percentText() {
    return percent(share());
  }

  /** A share of [0, 1] in four characters. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%3.0f%%", Math.floor(100 * share));
  }

  String rateText(String unit) {
    return Double.isNaN(rate) ? "- " + unit : String.format(Locale.ROOT, "%,.0f %s", rate, unit);
  }

  String lossText() {
    return Double.isNaN(loss) ? "loss -" : String.format(Locale.ROOT, "loss %.4f", loss);
  }

  /** The latest accuracy on the validation split. */
  Optional<String> accuracyText() {
    return accuracy.isPresent()
        ? Optional.of(String.format(Locale.ROOT, "acc %.4f", accuracy.getAsDouble()))
        : Optional.empty();
  }

  String remainingText() {
    if (!(rate > 0)) {
      return "ETA -:--";
    }
    return "ETA " + duration((extent.total() - done) / rate);
  }

  /** Such as {@code 1.2 ms}, {@code 3.45 s} or {@code 12:34}. */
  static String precise(double seconds) {
    if (seconds >= 10) {
      return duration(seconds);
    }
    return seconds < 0.1
        ? String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds)
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  /** Such as {@code 0:07}, {@code 12:34} or {@code 1:02:03}. */
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
